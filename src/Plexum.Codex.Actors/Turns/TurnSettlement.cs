using System.Collections.Immutable;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;

namespace Plexum.Codex.Turns;

/// <summary>The last step of a turn: writes its end, saves the token total and releases the lock. It runs outside the actor.</summary>
internal static class TurnSettlement
{
    private static readonly TurnFailure TookTooLong = new(
        "deadline_exceeded",
        "The turn exceeded its time limit and was stopped. Ask for less in one turn, or raise the limit.",
        TurnErrorClass.Timeout,
        Retryable: false
    );

    private static readonly TurnFailure WaitedTooLong = new(
        "deadline_exceeded",
        "The turn reached its time limit while it was waiting; codex was not started.",
        TurnErrorClass.Timeout,
        Retryable: true
    );

    /// <summary>Ends a turn with the result of its backend.</summary>
    public static TurnOutcome Settle(TurnHold hold, BackendEnd end)
    {
        try
        {
            var recorder = hold.Recorder!;
            if (!recorder.HasStarted)
            {
                recorder.Append(new CanonicalEvent.MessageStart(hold.Turn.TurnId, hold.Turn.AgentId, hold.Thread is not null));
            }

            end = InOwnThread(hold, end);
            var events = EventsOf(end, hold.Services.Time.GetElapsedTime(hold.StartedAt));
            SaveUsage(hold, end);
            SaveStanding(hold, end);
            recorder.Append(events);
            hold.NoteSettled();
            return TurnOutcome.Of(
                (CanonicalEvent.MessageEnd)events[^1],
                events.OfType<CanonicalEvent.Error>().FirstOrDefault(),
                hold.Services.Time.GetUtcNow()
            );
        }
        finally
        {
            hold.Release();
        }
    }

    /// <summary>Ends a turn that its backend never started, or that failed in this program.</summary>
    public static TurnOutcome Settle(TurnHold hold, BackendResult result) =>
        Settle(hold, BackendEnd.Without(result, hold.Recorder!.Thread ?? hold.Thread));

    /// <summary>
    /// The last events of a turn: its answer if that was not read from codex's output, its notices, at most one error, and the
    /// <c>message_end</c>.
    /// </summary>
    public static ImmutableArray<CanonicalEvent> EventsOf(BackendEnd end, TimeSpan duration)
    {
        var (reason, failure) = end.Result switch
        {
            BackendResult.Completed => (StopReason.EndTurn, null),
            BackendResult.Failed failed => (StopReason.Error, failed.Failure),
            BackendResult.Stopped { Cause: StopCause.Cancelled } => (StopReason.Cancelled, null),
            BackendResult.Stopped stopped => (StopReason.Timeout, stopped.HasRun ? TookTooLong : WaitedTooLong),
            _ => throw new ArgumentException($"{end.Result.GetType().Name} is not a turn's result.", nameof(end)),
        };
        var last = new CanonicalEvent.MessageEnd(reason, end.Usage, end.ThreadUsage, end.Thread, duration, end.RateLimits);
        CanonicalEvent[] answer = end.Answer is { } text ? [new CanonicalEvent.TextDelta(text)] : [];
        return failure is null ? [.. answer, .. end.Notices, last] : [.. answer, .. end.Notices, failure.ToEvent(), last];
    }

    // Codex may have ended the turn before it could be stopped for working in a thread that is not the agent's.
    private static BackendEnd InOwnThread(TurnHold hold, BackendEnd end) =>
        hold.Recorder!.ThreadFailure is { } failure
            ? end with
            {
                Result = end.Result is BackendResult.Completed ? new BackendResult.Failed(failure) : end.Result,
                Thread = hold.Thread,
                CodexHome = null,
                Total = null,
            }
            : end;

    // Without the total, the next turn cannot compute its own usage, but that is no reason to lose this turn's end.
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
            hold.Recorder!.Append(
                new CanonicalEvent.Notice(NoticeCodes.UsageUnknown, $"The thread's token total could not be saved: {e.Message}")
            );
        }
    }

    // It only explains, so a turn does not fail over it.
    private static void SaveStanding(TurnHold hold, BackendEnd end)
    {
        try
        {
            if (end is { CodexHome: { } home, Thread: { } used })
            {
                hold.StandingFile.Save(new ThreadStanding(used) { Seen = new ThreadLocator(home, hold.Services.Time).See(used) });
            }
            else if (end is { Result: BackendResult.Failed { Failure: var why }, Thread: { } kept } && ThreadProblem.IsOne(why.Code))
            {
                var known = hold.StandingFile.Load(kept) ?? new ThreadStanding(kept);
                hold.StandingFile.Save(known with { Problem = new ThreadProblem(why.Code, why.Message, hold.Services.Time.GetUtcNow()) });
            }
        }
        catch (IOException e)
        {
            hold.Services.Log.Warning("codex: the standing of thread {Thread} could not be saved: {Error}", end.Thread, e.Message);
        }
    }
}
