using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Posix;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Turns;

/// <summary>The steps before a turn can start: log, lock, thread. They run outside the actor.</summary>
internal static class TurnPreparation
{
    /// <summary>Finds the workspace and creates the turn's directory and log.</summary>
    /// <exception cref="CodexException">The profile cannot be written to.</exception>
    public static async Task OpenAsync(TurnHold hold)
    {
        var (turn, logs) = (hold.Turn, hold.Services.Logs);
        hold.EnterWorkspace();
        var log = await logs.OpenAsync(turn.AgentId, turn.TurnId, isNew: !turn.IsOrphaned).ConfigureAwait(false);
        try
        {
            var logged = turn.IsOrphaned ? await logs.LookAsync(turn.AgentId, turn.TurnId).ConfigureAwait(false) : LoggedTurn.Nothing;
            hold.Recorder = new TurnRecorder(log, hold.AgentThread, logged);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the agent's lock and finds the thread to continue.</summary>
    /// <exception cref="TurnRefusedException">The workspace leads to where the turn must not work.</exception>
    public static async Task CompleteAsync(TurnHold hold)
    {
        if (hold.WorkspaceRefusal is { } refusal)
        {
            throw new TurnRefusedException(refusal);
        }

        hold.Lock = FileLock.TryAcquire(hold.Agent.LockFile, out var holder) ?? await AwaitLockAsync(hold, holder!).ConfigureAwait(false);
        var choice = hold.AgentThread.Choose(hold.Turn.Request.NewThread);
        hold.Thread = choice.Thread;
        hold.Baseline = hold.Thread is { } thread ? hold.UsageFile.Load(thread) : null;
        if (!hold.Recorder!.HasStarted)
        {
            hold.Recorder.Append(new CanonicalEvent.MessageStart(hold.Turn.TurnId, hold.Turn.AgentId, hold.Thread is not null));
        }

        hold.Recorder.Append([.. choice.Notices]);
    }

    private static bool SeemsToContinue(TurnHold hold) => !hold.Turn.Request.NewThread && hold.AgentThread.SeemsToContinue;

    // The notice tells readers at once why nothing happens. Whether there is a thread is certain only once the lock is held.
    private static async Task<FileLock> AwaitLockAsync(TurnHold hold, LockHolder holder)
    {
        hold.Recorder!.Append(
            new CanonicalEvent.MessageStart(hold.Turn.TurnId, hold.Turn.AgentId, Resumed: SeemsToContinue(hold)),
            new CanonicalEvent.Notice(
                NoticeCodes.AgentBusy,
                $"{holder} is running a turn of agent {hold.Turn.AgentId}; this turn waits until it ends."
            )
        );
        return await FileLock.AcquireAsync(hold.Agent.LockFile, hold.Services.Time, _ => { }, hold.Cancelled).ConfigureAwait(false);
    }
}
