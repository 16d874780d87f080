using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Events;
using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Forks;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// Reads what a turn added to its rollout: it emits the tool calls and returns the other findings. An output whose call is before the
/// mark is ignored: codex closes in this turn what an earlier one left open. That call was already reported without a result, and a
/// result without its call would mean nothing to a reader.
/// </summary>
/// <param name="limits">How much of a call gets into events.</param>
/// <param name="opener">Opens the rollout where it is now.</param>
internal sealed class TurnReading(RolloutLimits limits, RolloutOpener opener)
{
    private const int BatchCharacters = 256 * 1024;

    private readonly ThreadTotal _totals = new(new RolloutAncestors(opener));

    /// <summary>Reads the turn's part of the rollout.</summary>
    /// <param name="rollout">The current rollout; null when codex has written none.</param>
    /// <param name="thread">The thread in which codex worked.</param>
    /// <param name="resumed">The thread that it was asked to resume, or null.</param>
    /// <param name="mark">Where that thread's rollout ended when the turn began; null if unknown.</param>
    /// <param name="told">The ids of the calls that the log has already.</param>
    /// <param name="emit">
    /// Appends tool calls to the log. If that fails with an <see cref="IOException"/>, those that follow are left out; everything else is
    /// read all the same, the tokens that the turn has used above all.
    /// </param>
    /// <param name="turn">Codex's id of the turn, if other turns may have followed it; else null.</param>
    public async Task<RolloutFindings> ReadAsync(
        RolloutFile? rollout,
        ThreadId thread,
        ThreadId? resumed,
        RolloutMark? mark,
        ImmutableHashSet<string> told,
        Func<ImmutableArray<CanonicalEvent>, Task> emit,
        string? turn = null
    )
    {
        if (rollout is null)
        {
            return RolloutFindings.None;
        }

        var begin = resumed == thread ? mark?.Length : 0;
        if (begin is null)
        {
            return Unreadable(
                rollout.Path,
                "it was missing or unreadable when the turn began, so the position at which the turn begins is unknown"
            );
        }

        using var file = opener.TryOpen(thread, rollout, out var problem);
        if (file is null)
        {
            return Unreadable(rollout.Path, problem ?? "it is gone");
        }

        if (begin > file.Length)
        {
            return Unreadable(rollout.Path, "it is shorter than when the turn began, so another program has changed it");
        }

        RolloutReading reading;
        IOException? notTaken = null;
        try
        {
            reading = RolloutReading.Of(file.File, begin.Value, file.Length, limits, turn: turn);
            await EmitAsync(reading.ReadCalls().Where(call => !told.Contains(call.Id)), EmitOrNoteAsync).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // The rollout cannot be read, or what is in it cannot be written to the turn's log.
            return RolloutFindings.Of(
                NoticeCodes.RolloutUnreadable,
                $"The turn's tool calls in {rollout.Path} are not all among its events: {e.Message.TrimEnd('.')}."
            );
        }

        return new RolloutFindings
        {
            Error = reading.Error,
            Total = reading.Total,
            TotalBefore = _totals.Before(thread, file, begin.Value),
            RateLimits = reading.RateLimits,
            HasCalls = reading.Calls.Calls.Count > 0,
            Messages = reading.Messages,
            Notices = [.. NoticesOf(file.Path, file.Length, begin.Value, reading, notTaken)],
        };

        async Task EmitOrNoteAsync(ImmutableArray<CanonicalEvent> calls)
        {
            try
            {
                await (notTaken is null ? emit(calls) : Task.CompletedTask).ConfigureAwait(false);
            }
            catch (IOException e)
            {
                notTaken = e;
            }
        }
    }

    /// <summary>Emits the finished calls of a turn that goes on.</summary>
    /// <param name="rollout">The current rollout.</param>
    /// <param name="thread">The thread in which codex works.</param>
    /// <param name="live">What is told already.</param>
    /// <param name="emit">Appends tool calls to the log.</param>
    /// <exception cref="IOException">The file cannot be read, or the calls cannot be written.</exception>
    public async Task<LiveCalls> ReadCallsAsync(
        RolloutFile rollout,
        ThreadId thread,
        LiveCalls live,
        Func<ImmutableArray<CanonicalEvent>, Task> emit
    )
    {
        using var file = opener.TryOpen(thread, rollout, out _);
        if (file is null || file.Length <= live.From)
        {
            return live;
        }

        var reading = RolloutReading.Of(file.File, live.From, file.Length, limits);
        var calls = reading.ReadCalls().Where(call => !live.Told.Contains(call.Id)).ToArray();
        var finished = calls.Where(call => call.Output is not null).ToArray();
        await EmitAsync(finished, emit).ConfigureAwait(false);
        return new LiveCalls(
            live.Told.Union(finished.Select(call => call.Id)),
            finished.Length == calls.Length ? LiveCalls.LastLineEnd(file.File, live.From, file.Length) : live.From
        );
    }

    private static RolloutFindings Unreadable(string path, string why) =>
        RolloutFindings.Of(
            NoticeCodes.RolloutUnreadable,
            $"The turn's tool calls are unknown, because {path} cannot be used: {why.TrimEnd('.')}."
        );

    private static async Task EmitAsync(IEnumerable<RecordedCall> calls, Func<ImmutableArray<CanonicalEvent>, Task> emit)
    {
        var batch = ImmutableArray.CreateBuilder<CanonicalEvent>();
        var size = 0;
        foreach (var call in calls)
        {
            batch.Add(new CanonicalEvent.ToolCall(call.Id, call.Name, call.Namespace, call.Arguments));
            if (call.Output is { } output)
            {
                batch.Add(new CanonicalEvent.ToolResult(call.Id, output, call.Failed));
            }

            size += call.Arguments.Length + (call.Output?.Length ?? 0) + 100;
            if (size >= BatchCharacters)
            {
                await emit(batch.DrainToImmutable()).ConfigureAwait(false);
                size = 0;
            }
        }

        if (batch.Count > 0)
        {
            await emit(batch.DrainToImmutable()).ConfigureAwait(false);
        }
    }

    private IEnumerable<CanonicalEvent.Notice> NoticesOf(
        string path,
        long length,
        long begin,
        RolloutReading reading,
        IOException? notTaken
    )
    {
        if (notTaken is not null)
        {
            yield return Notice(NoticeCodes.ToolCallsLeftOut, $"The turn's tool calls are not all in its log: {notTaken.Message}");
        }

        if (reading.Calls.LeftOut > 0)
        {
            yield return Notice(
                NoticeCodes.ToolCallsLeftOut,
                $"{reading.Calls.LeftOut} tool calls of the turn were left out; at most {CallIndex.MaxCalls} with an id are reported."
            );
        }

        if (reading.LongestLineSeen > RolloutScanner.MaxLineBytes)
        {
            yield return Notice(
                NoticeCodes.RolloutLineTooLong,
                $"The turn added a line of {reading.LongestLineSeen} bytes to {path}; those over {RolloutScanner.MaxLineBytes} are skipped."
            );
        }

        if (reading.RateLimitProblem is { } field)
        {
            yield return Notice(
                NoticeCodes.RateLimitsUnreadable,
                $"codex recorded the account's limits in a form that plexum-codex cannot read ({field}); what cannot be read is left out."
            );
        }

        if (WholeLength(path, begin) is { } whole)
        {
            yield return Notice(
                NoticeCodes.RolloutPartial,
                $"{path} had {begin} of the {whole} bytes of its compressed copy. Codex continues the copy if that file is removed."
            );
        }

        if (SizeLevel(length) > SizeLevel(begin))
        {
            yield return Notice(
                NoticeCodes.RolloutLarge,
                $"{path} has grown to {length} bytes, which codex reads in every turn. Consume old tool calls or begin a new thread."
            );
        }
    }

    // codex takes the plain one of two rollouts, even if it is only a part, as after a crash while it unpacked.
    private long? WholeLength(string path, long begin)
    {
        if (begin == 0 || RolloutFile.IsPacked(path))
        {
            return null;
        }

        using var copy = RegularFile.TryOpenRead(RolloutFile.PackedPathOf(path), followLinks: false, out _);
        try
        {
            return copy is not null && ZstdFile.Unpack(copy, target: null, limits.MaxUnpacked) is var whole && whole > begin ? whole : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    // 0 below the limit, and one more at the limit and at every doubling of it, so each level is reported once.
    private int SizeLevel(long length) => length < limits.WarnSize ? 0 : 1 + (int)Math.Log2((double)length / limits.WarnSize);

    private static CanonicalEvent.Notice Notice(string code, FormattableString message) =>
        new(code, message.ToString(CultureInfo.InvariantCulture));
}
