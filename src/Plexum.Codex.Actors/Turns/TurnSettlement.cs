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

    /// <summary>Ends a turn with the result of its backend. What its log says is the end, so nothing that fails later changes it.</summary>
    /// <exception cref="EndNotWrittenException">The log could not be written; the exception has the end for the ledger.</exception>
    public static TurnOutcome Settle(TurnHold hold, BackendEnd end)
    {
        try
        {
            var recorder = hold.Recorder!;
            if (recorder.End is { } known)
            {
                return TurnOutcome.Of(known, recorder.Error, hold.Services.Time.GetUtcNow());
            }

            end = AsTold(recorder, InOwnThread(hold, end));
            var unsaved = SaveUsage(hold, end);
            var events = EventsOf(end, hold.Services.Time.GetElapsedTime(hold.StartedAt));
            try
            {
                Write(hold, end, [.. StartOf(hold), .. unsaved, .. events]);
            }
            finally
            {
                // Nobody has to wait for it.
                SaveStanding(hold, end);
            }

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

    /// <summary>Whether codex was started in a turn that reached its time limit.</summary>
    public static bool HasRun(TurnOutcome outcome) => outcome.ErrorMessage != WaitedTooLong.Message;

    /// <summary>
    /// The last events of a turn: its answer if that was not read from codex's output, its notices, at most one error, and the
    /// <c>message_end</c>.
    /// </summary>
    public static ImmutableArray<CanonicalEvent> EventsOf(BackendEnd end, TimeSpan duration)
    {
        var (reason, failure) = HowOf(end.Result);
        var last = new CanonicalEvent.MessageEnd(reason, end.Usage, end.ThreadUsage, end.Thread, duration, end.RateLimits);
        CanonicalEvent[] answer = end.Answer is { } text ? [new CanonicalEvent.TextDelta(text) { Item = end.AnswerItem }] : [];
        return failure is null ? [.. answer, .. end.Notices, last] : [.. answer, .. end.Notices, failure.ToEvent(), last];
    }

    private static (StopReason Reason, TurnFailure? Failure) HowOf(BackendResult result) =>
        result switch
        {
            BackendResult.Completed => (StopReason.EndTurn, null),
            BackendResult.Failed failed => (StopReason.Error, failed.Failure),
            BackendResult.Stopped { Cause: StopCause.Cancelled } => (StopReason.Cancelled, null),
            BackendResult.Stopped stopped => (StopReason.Timeout, stopped.HasRun ? TookTooLong : WaitedTooLong),
            _ => throw new ArgumentException($"{result.GetType().Name} is not a turn's result.", nameof(result)),
        };

    private static ImmutableArray<CanonicalEvent> StartOf(TurnHold hold) =>
        hold.Recorder!.HasStarted ? [] : [new CanonicalEvent.MessageStart(hold.Turn.TurnId, hold.Turn.AgentId, hold.Thread is not null)];

    private static void Write(TurnHold hold, BackendEnd end, ImmutableArray<CanonicalEvent> events)
    {
        var recorder = hold.Recorder!;
        try
        {
            recorder.Append(events);
        }
        catch (IOException e) when (recorder.End is null)
        {
            var (reason, failure) = HowOf(end.Result);
            if (reason == StopReason.EndTurn)
            {
                // Its readers may lack the answer, so it has not ended well for them. The tokens are used all the same.
                (reason, failure) = (StopReason.Error, BackendFailure.EndUnwritable(e.Message));
            }

            var outcome = TurnOutcome.Of(reason, failure, hold.Services.Time.GetUtcNow()) with
            {
                Usage = end.Usage,
                ThreadUsage = end.ThreadUsage,
                ThreadId = end.Thread,
            };
            throw new EndNotWrittenException(outcome, failure, e);
        }
        catch (IOException)
        {
            // All of it is there.
        }
    }

    // A full disk may have left the error of an earlier attempt in the log and not the end. Its readers have that error.
    private static BackendEnd AsTold(TurnRecorder recorder, BackendEnd end) =>
        recorder.Error is { } told ? end with { Result = ResultOf(told), Answer = null } : end;

    // Only a turn that was stopped for its time has an error of this class, and codex had not run if it may be tried again.
    private static BackendResult ResultOf(CanonicalEvent.Error told) =>
        told.Class == TurnErrorClass.Timeout
            ? new BackendResult.Stopped(StopCause.TimedOut, HasRun: !told.Retryable)
            : new BackendResult.Failed(new TurnFailure(told.Code, told.Message, told.Class, told.Retryable, told.ResetsAt));

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
    private static ImmutableArray<CanonicalEvent> SaveUsage(TurnHold hold, BackendEnd end)
    {
        try
        {
            if (end is { Total: { } total, Thread: { } thread })
            {
                hold.UsageFile.Save(thread, total);
            }

            return [];
        }
        catch (IOException e)
        {
            return [new CanonicalEvent.Notice(NoticeCodes.UsageUnknown, $"The thread's token total could not be saved: {e.Message}")];
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
