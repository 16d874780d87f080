using Plexum.Codex.Sessions;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The steps before codex can be started: log, lock, session, prompt, binary. They run outside the actor.</summary>
internal sealed class TurnPreparation(AgentEnvironment environment, AgentDirectory agent)
{
    /// <summary>Makes the turn's directory and log.</summary>
    /// <exception cref="CodexException">The profile cannot be written to.</exception>
    public PreparedTurn Open(QueuedTurn turn)
    {
        var directory = turn.IsTakenUp ? TurnDirectory.Ensure(agent, turn.TurnId) : TurnDirectory.Create(agent, turn.TurnId);
        var logged = turn.IsTakenUp ? TurnLogReader.Look(directory.EventsFile) : LoggedTurn.Nothing;
        var session = new SessionFile(turn.Request.Workspace!, environment.Time);
        var record = new TurnRecord
        {
            TurnId = turn.TurnId.Value,
            AgentId = agent.AgentId.Value,
            Workspace = turn.Request.Workspace!,
            Model = turn.Model,
            StartedAt = environment.Time.GetUtcNow(),
        };
        record.Save(directory);
        return new PreparedTurn(directory, record, session, new ThreadUsageFile(agent.ThreadUsageFile), environment.Time.GetTimestamp())
        {
            Recorder = new TurnRecorder(TurnLog.Open(directory.EventsFile), session, logged),
        };
    }

    /// <summary>Waits for the agent's lock and readies everything that codex needs.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="prepared">Filled step by step.</param>
    /// <param name="cancellationToken">Ends the wait for the lock.</param>
    public async Task CompleteAsync(QueuedTurn turn, PreparedTurn prepared, CancellationToken cancellationToken)
    {
        prepared.Lock = AgentLock.TryAcquire(agent.LockFile, out var holder)
            ?? await AwaitLockAsync(turn, prepared, holder!, cancellationToken).ConfigureAwait(false);
        LoadSession(turn, prepared);
        prepared.Images = prepared.Directory.WritePrompt(turn.Prompt);
        prepared.Binary = await environment.Binaries.FindAsync().ConfigureAwait(false);
    }

    // Who reads the turn learns at once why nothing happens. Whether a thread is there is only known for sure once the lock is held.
    private async Task<AgentLock> AwaitLockAsync(
        QueuedTurn turn, PreparedTurn prepared, LockHolder holder, CancellationToken cancellationToken)
    {
        prepared.Recorder!.Append(
            new CanonicalEvent.MessageStart(turn.TurnId, agent.AgentId, File.Exists(prepared.Session.FilePath)),
            new CanonicalEvent.Notice(
                NoticeCodes.AgentBusy, $"{holder} runs a turn of agent {agent.AgentId}; this one waits until it is over."));
        return await AgentLock.AcquireAsync(agent.LockFile, environment.Time, _ => { }, cancellationToken).ConfigureAwait(false);
    }

    private void LoadSession(QueuedTurn turn, PreparedTurn prepared)
    {
        var state = prepared.Session.Load();
        prepared.Resume = state is SessionState.Resumable resumable ? resumable.ThreadId : null;
        prepared.Baseline = prepared.Resume is { } thread ? prepared.UsageFile.Load(thread) : null;
        prepared.Mapper = new TurnMapper(turn.TurnId, agent.AgentId, prepared.Resume, prepared.Baseline);
        if (!prepared.Recorder!.HasStarted)
        {
            prepared.Recorder.Append(prepared.Mapper.Start());
        }

        if (state is SessionState.SetAside aside)
        {
            prepared.Recorder.Append(aside.ToNotice());
        }
    }
}
