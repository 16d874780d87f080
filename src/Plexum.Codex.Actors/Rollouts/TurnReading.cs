using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>
/// Reads what a turn has added to its rollout: writes down its tool calls and says what else is there. What a turn before it left
/// open and codex closed in this one (an output whose call stands before the mark) is passed over: its call was told then, without a
/// result, and a result without its call would mean nothing to a reader.
/// </summary>
/// <param name="limits">What gets into events.</param>
/// <param name="scratch">The directory in which a compressed rollout is unpacked.</param>
internal sealed class TurnReading(RolloutLimits limits, string scratch)
{
    private const int BatchCharacters = 256 * 1024;

    /// <summary>Reads it.</summary>
    /// <param name="rollout">The rollout as it is now; null when codex has written none.</param>
    /// <param name="thread">The thread in which codex worked.</param>
    /// <param name="resumed">The thread that it was to resume, or null.</param>
    /// <param name="mark">Where that thread's rollout ended when the turn began, where known.</param>
    /// <param name="emit">Has tool calls written down; an <see cref="IOException"/> of it ends the reading.</param>
    public async Task<RolloutFindings> ReadAsync(
        RolloutFile? rollout, ThreadId thread, ThreadId? resumed, RolloutMark? mark, Func<ImmutableArray<CanonicalEvent>, Task> emit)
    {
        if (rollout is null)
        {
            return RolloutFindings.None;
        }

        var begin = resumed == thread ? mark?.Length : 0;
        if (begin is null)
        {
            return Unreadable(rollout.Path, "it was not there or could not be read when the turn began, so nobody knows where the turn begins in it");
        }

        using var file = OpenRollout.TryOpen(rollout.Path, scratch, limits, out var problem);
        if (file is null)
        {
            return Unreadable(rollout.Path, problem ?? "it is gone");
        }

        if (begin > file.Length)
        {
            return Unreadable(rollout.Path, "it is shorter than it was when the turn began, so somebody else has changed it");
        }

        RolloutReading reading;
        try
        {
            reading = RolloutReading.Of(file.File, begin.Value, file.Length, limits);
            await EmitAsync(reading, emit).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            return Unreadable(rollout.Path, e.Message);
        }

        return new RolloutFindings
        {
            Error = reading.Error,
            Total = reading.Total,
            RateLimits = reading.RateLimits,
            Notices = [.. NoticesOf(rollout.Path, file.Length, begin.Value, reading)],
        };
    }

    private static RolloutFindings Unreadable(string path, string why) => RolloutFindings.Of(
        NoticeCodes.RolloutUnreadable, $"The turn's tool calls are not known, because its rollout {path} cannot be used: {why.TrimEnd('.')}.");

    private static async Task EmitAsync(RolloutReading reading, Func<ImmutableArray<CanonicalEvent>, Task> emit)
    {
        var batch = ImmutableArray.CreateBuilder<CanonicalEvent>();
        var size = 0;
        foreach (var call in reading.ReadCalls())
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

    private IEnumerable<CanonicalEvent.Notice> NoticesOf(string path, long length, long begin, RolloutReading reading)
    {
        if (reading.Calls.LeftOut > 0)
        {
            yield return Notice(NoticeCodes.ToolCallsLeftOut, $"{reading.Calls.LeftOut} tool calls of the turn are not told: a turn may have {CallIndex.MostCalls}, each with an id.");
        }

        if (reading.LongestLine > RolloutScanner.MaxLineBytes)
        {
            yield return Notice(NoticeCodes.RolloutLineTooLong, $"The turn has added a line of {reading.LongestLine} bytes to the rollout {path}; lines over {RolloutScanner.MaxLineBytes} bytes are passed over, with the tool calls in them.");
        }

        if (SizeLevel(length) > SizeLevel(begin))
        {
            yield return Notice(NoticeCodes.RolloutLarge, $"The thread's rollout {path} has grown to {length} bytes, and codex reads it at every turn. Consume what is not needed any more, or begin a new thread.");
        }
    }

    // 0 below the limit, and one more at the limit and at every doubling of it: each is passed in one turn only.
    private int SizeLevel(long length) => length < limits.WarnSize ? 0 : 1 + (int)Math.Log2((double)length / limits.WarnSize);

    private static CanonicalEvent.Notice Notice(string code, FormattableString message) =>
        new(code, message.ToString(CultureInfo.InvariantCulture));
}
