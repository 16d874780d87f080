using Microsoft.AspNetCore.Http;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>
/// One client that reads one turn: waits until the turn's log is there, follows it to its end, and where the log has no end tells
/// the one that the ledger knows. It ends early, and may be resumed, when the daemon stops.
/// </summary>
internal sealed class TurnEventStream(DaemonContext daemon, TurnEntry turn, long afterSeq)
{
    /// <summary>How long nothing is sent before a sign of life is.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LedgerLimit = TimeSpan.FromSeconds(1);

    private bool HasLog => daemon.Logs.Exists(turn.AgentId, turn.TurnId);

    public async Task WriteAsync(HttpContext context)
    {
        using var lease = daemon.Actors.Readers.TryRead(turn.TurnId) ?? throw new ProblemException(Problem.EventsRemoved(turn.TurnId));
        var output = new EventStreamWriter(context.Response);
        using var watch = daemon.Notifier.Watch(turn.TurnId);
        using var heartbeat = new Heartbeat(daemon.Time, Beat);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, daemon.Stopping);
        daemon.ReaderCame();
        try
        {
            await output.BeginAsync(end.Token).ConfigureAwait(false);
            var entry = await LookAgainAsync(end.Token).ConfigureAwait(false);
            entry = await AwaitLogAsync(entry, output, watch, heartbeat, end.Token).ConfigureAwait(false);
            if (!HasLog || !await FollowAsync(output, watch, heartbeat, entry.State == TurnState.Ended, end.Token).ConfigureAwait(false))
            {
                await TellEndAsync(output, watch, end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (daemon.Stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            // The response ends behind a whole event, without a message_end: the client comes back with its number.
        }
        finally
        {
            daemon.ReaderWent();
        }
    }

    // It may have ended between being looked up and being watched; then nobody would tell of it any more.
    private async Task<TurnEntry> LookAgainAsync(CancellationToken cancellationToken)
    {
        if (turn.State != TurnState.Ended)
        {
            await FlushLedgerAsync(cancellationToken).ConfigureAwait(false);
            return await daemon.Ledger.FindTurnAsync(turn.TurnId).ConfigureAwait(false) ?? turn;
        }

        return turn;
    }

    /// <summary>Waits until there is a log, or the turn is over without one.</summary>
    private async Task<TurnEntry> AwaitLogAsync(
        TurnEntry entry, EventStreamWriter output, ITurnWatch watch, Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        var change = Task.WhenAny(watch.Started, watch.Ended, Cancelled(cancellationToken));
        while (entry.State != TurnState.Ended && !HasLog)
        {
            if (await heartbeat.BeatsBeforeAsync(change).ConfigureAwait(false))
            {
                await output.BeatAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (!HasLog)
            {
                // It is over, or its log was taken away: only its end is left to wait for.
                await watch.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
                break;
            }

            entry = await daemon.Ledger.FindTurnAsync(turn.TurnId).ConfigureAwait(false) ?? entry;
        }

        return entry;
    }

    /// <summary>Sends the log.</summary>
    /// <returns>Whether it has an end.</returns>
    private async Task<bool> FollowAsync(
        EventStreamWriter output, ITurnWatch watch, Heartbeat heartbeat, bool isOver, CancellationToken cancellationToken)
    {
        using var log = daemon.Logs.Read(turn.AgentId, turn.TurnId, afterSeq);
        using var following = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            if (isOver)
            {
                log.Complete();
            }
            else
            {
                _ = CompleteWithAsync(watch, log, following.Token);
            }

            while (await MoreAsync(output, log, heartbeat, following.Token).ConfigureAwait(false))
            {
                while (log.TryNext())
                {
                    await output.WriteAsync(log, cancellationToken).ConfigureAwait(false);
                    if (log.IsEnd)
                    {
                        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
                        await AwaitLedgerAsync(watch, isOver, cancellationToken).ConfigureAwait(false);
                        return true;
                    }
                }

                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            return await FindEndAsync().ConfigureAwait(false) is { HasEnd: true };
        }
        finally
        {
            await following.CancelAsync().ConfigureAwait(false);
        }
    }

    // Who asks for the turn once its stream has ended is told that it is over, although its end is written down behind its last event.
    private async Task AwaitLedgerAsync(ITurnWatch watch, bool isOver, CancellationToken cancellationToken)
    {
        if (!isOver)
        {
            await Task.WhenAny(watch.Ended, Task.Delay(LedgerLimit, daemon.Time, cancellationToken)).ConfigureAwait(false);
            await FlushLedgerAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    // A ledger that cannot be written now is no reason to keep a reader waiting.
    private Task<Task> FlushLedgerAsync(CancellationToken cancellationToken) => Task.WhenAny(
        daemon.Ledger.FlushAsync(cancellationToken), Task.Delay(LedgerLimit, daemon.Time, cancellationToken));

    private async ValueTask<bool> MoreAsync(EventStreamWriter output, ITurnLogReader log, Heartbeat heartbeat, CancellationToken cancellationToken)
    {
        var waiting = log.WaitAsync(cancellationToken);
        if (waiting.IsCompleted)
        {
            return await waiting.ConfigureAwait(false);
        }

        var more = waiting.AsTask();
        while (await heartbeat.BeatsBeforeAsync(more).ConfigureAwait(false))
        {
            await output.BeatAsync(cancellationToken).ConfigureAwait(false);
            if (await daemon.Ledger.FindTurnAsync(turn.TurnId).ConfigureAwait(false) is { State: TurnState.Ended })
            {
                log.Complete();
            }
        }

        return await more.ConfigureAwait(false);
    }

    /// <summary>Tells the end of a turn whose log has none, numbered on from what the log has.</summary>
    private async Task TellEndAsync(EventStreamWriter output, ITurnWatch watch, CancellationToken cancellationToken)
    {
        await FlushLedgerAsync(cancellationToken).ConfigureAwait(false);
        var entry = await daemon.Ledger.FindTurnAsync(turn.TurnId).ConfigureAwait(false) ?? turn;
        var told = watch.Ended.IsCompletedSuccessfully ? watch.Ended.Result : null;
        var reason = told?.StopReason ?? entry.StopReason ?? StopReason.Error;
        var seq = await FindEndAsync().ConfigureAwait(false) is { LastSeq: var last } ? last : 0;
        if (Failure(entry, told, reason) is { } failure && ++seq > afterSeq)
        {
            output.Write(seq, "error"u8, failure);
        }

        if (++seq > afterSeq)
        {
            output.Write(seq, "message_end"u8, new CanonicalEvent.MessageEnd(
                reason, entry.Usage, Usage.Zero, entry.ThreadId, Duration(entry)));
        }

        await output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private Task<TurnLogEnd?> FindEndAsync() => daemon.Logs.FindEndAsync(turn.AgentId, turn.TurnId);

    // The clock may have been set back meanwhile.
    private static TimeSpan Duration(TurnEntry entry) =>
        entry.EndedAt - entry.StartedAt is { } duration && duration > TimeSpan.Zero ? duration : TimeSpan.Zero;

    private static CanonicalEvent.Error? Failure(TurnEntry entry, TurnNotice.Ended? told, StopReason reason) => told?.Unrecorded is { } failure
        ? new CanonicalEvent.Error(failure.Code, failure.Message, failure.Class, failure.ResetsAt, failure.Retryable)
        : entry.ErrorCode is { } code
            ? new CanonicalEvent.Error(code, entry.ErrorMessage ?? "The turn failed.", entry.ErrorClass ?? TurnErrorClass.Host, null, Retryable: false)
            : reason is StopReason.Error or StopReason.Timeout
                ? new CanonicalEvent.Error("events_lost", "The turn failed and its events could not be kept; the log of the program says more.", TurnErrorClass.Host, null, Retryable: false)
                : null;

    private static async Task CompleteWithAsync(ITurnWatch watch, ITurnLogReader log, CancellationToken cancellationToken)
    {
        await Task.WhenAny(watch.Ended, Cancelled(cancellationToken)).ConfigureAwait(false);
        if (!cancellationToken.IsCancellationRequested)
        {
            log.Complete();
        }
    }

    private static Task Cancelled(CancellationToken cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
}
