using Plexum.Codex.Ledger;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The last steps of a turn: its end into the log, its usage beside the session, its lock given back.</summary>
internal sealed class TurnSettlement(AgentEnvironment environment)
{
    /// <summary>Ends a turn after codex has exited.</summary>
    /// <returns>How it ended.</returns>
    public TurnOutcome Settle(PreparedTurn turn, TurnEnd end) => Close(turn, () =>
    {
        var mapper = turn.Mapper!;
        var events = mapper.Finish(end with { Duration = environment.Time.GetElapsedTime(turn.StartedAt) });
        var last = (CanonicalEvent.MessageEnd)events[^1];
        SaveUsage(turn, mapper.ThreadTotal, last.ThreadId);
        turn.Recorder!.Append(events);
        turn.NoteSettled();
        return TurnOutcome.Of(last, events.OfType<CanonicalEvent.Error>().FirstOrDefault(), environment.Time.GetUtcNow());
    });

    /// <summary>Ends a turn for which codex was never started, or which this program failed.</summary>
    /// <returns>How it ended.</returns>
    public TurnOutcome Settle(QueuedTurn queued, PreparedTurn turn, StopReason reason, TurnFailure? failure) => Close(turn, () =>
    {
        var recorder = turn.Recorder!;
        if (!recorder.HasStarted)
        {
            recorder.Append(new CanonicalEvent.MessageStart(queued.TurnId, queued.Request.AgentId, turn.Resume is not null));
        }

        if (failure is not null)
        {
            recorder.Append(failure.ToEvent());
        }

        var end = new CanonicalEvent.MessageEnd(
            reason, Usage.Zero, Usage.Zero, recorder.Thread ?? turn.Resume, environment.Time.GetElapsedTime(turn.StartedAt));
        recorder.Append(end);
        turn.NoteSettled();
        return TurnOutcome.Of(end, failure?.ToEvent(), environment.Time.GetUtcNow());
    });

    // Without it the next turn cannot tell its own usage from the thread's; that is no reason to lose this one's end.
    private static void SaveUsage(PreparedTurn turn, Usage? total, ThreadId? thread)
    {
        try
        {
            if (total is not null && thread is not null)
            {
                turn.UsageFile.Save(thread.Value, total.Value);
            }
        }
        catch (IOException e)
        {
            turn.Recorder!.Append(new CanonicalEvent.Notice(NoticeCodes.UsageUnknown, $"The thread's total of tokens could not be kept: {e.Message}"));
        }
    }

    private static TurnOutcome Close(PreparedTurn turn, Func<TurnOutcome> settle)
    {
        try
        {
            return settle();
        }
        finally
        {
            turn.Leave();
        }
    }
}
