using System.Collections.Immutable;
using Plexum.Codex.Backend;
using Plexum.Codex.Ledger;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Turns;

/// <summary>The last step of a turn: its end into the log, its usage beside the session, its lock given back. It runs outside the actor.</summary>
internal static class TurnSettlement
{
    private static readonly TurnFailure TookTooLong = new(
        "deadline_exceeded", "The turn took longer than it may and was stopped. Ask for less in one turn, or raise the deadline.",
        TurnErrorClass.Timeout, Retryable: false);

    private static readonly TurnFailure WaitedTooLong = new(
        "deadline_exceeded", "The turn waited longer than it may and codex was not started.", TurnErrorClass.Timeout, Retryable: true);

    /// <summary>Ends a turn as its backend says.</summary>
    public static TurnOutcome Settle(TurnHold hold, BackendEnd end)
    {
        try
        {
            var recorder = hold.Recorder!;
            if (!recorder.HasStarted)
            {
                recorder.Append(new CanonicalEvent.MessageStart(hold.Turn.TurnId, hold.Turn.AgentId, hold.Thread is not null));
            }

            var events = EventsOf(end, hold.Services.Time.GetElapsedTime(hold.StartedAt));
            SaveUsage(hold, end);
            recorder.Append(events);
            hold.NoteSettled();
            return TurnOutcome.Of(
                (CanonicalEvent.MessageEnd)events[^1], events.OfType<CanonicalEvent.Error>().FirstOrDefault(), hold.Services.Time.GetUtcNow());
        }
        finally
        {
            hold.Release();
        }
    }

    /// <summary>Ends a turn that its backend never began, or that this program failed.</summary>
    public static TurnOutcome Settle(TurnHold hold, BackendResult result) =>
        Settle(hold, BackendEnd.Without(result, hold.Recorder!.Thread ?? hold.Thread));

    /// <summary>The last events of a turn: its notices, at most one error, and the <c>message_end</c>.</summary>
    public static ImmutableArray<CanonicalEvent> EventsOf(BackendEnd end, TimeSpan duration)
    {
        var (reason, failure) = end.Result switch
        {
            BackendResult.Completed => (StopReason.EndTurn, null),
            BackendResult.Failed failed => (StopReason.Error, failed.Failure),
            BackendResult.Stopped { Cause: StopCause.Cancelled } => (StopReason.Cancelled, null),
            BackendResult.Stopped stopped => (StopReason.Timeout, stopped.HasRun ? TookTooLong : WaitedTooLong),
            _ => throw new ArgumentException($"{end.Result.GetType().Name} is no end of a turn.", nameof(end)),
        };
        var last = new CanonicalEvent.MessageEnd(reason, end.Usage, end.ThreadUsage, end.Thread, duration, end.RateLimits);
        return failure is null ? [.. end.Notices, last] : [.. end.Notices, failure.ToEvent(), last];
    }

    // Without it the next turn cannot tell its own usage from the thread's; that is no reason to lose this one's end.
    private static void SaveUsage(TurnHold hold, BackendEnd end)
    {
        try
        {
            if (end is { Total: { } total, Thread: { } thread })
            {
                hold.UsageFile.Save(thread, total);
            }
        }
        catch (IOException e)
        {
            hold.Recorder!.Append(new CanonicalEvent.Notice(
                NoticeCodes.UsageUnknown, $"The thread's total of tokens could not be kept: {e.Message}"));
        }
    }
}
