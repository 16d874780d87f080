using Akka.Actor;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>Runs turns with codex. It is shared by all agents and safe for use from any thread.</summary>
public interface ICodexBackend
{
    /// <summary>The backend's name, such as <c>exec</c>.</summary>
    string Name { get; }

    /// <summary>Prepares a new turn. Nothing is started, read or written yet.</summary>
    IBackendRun NewRun(BackendTurn turn);

    /// <summary>Looks for a turn that an earlier process of this program may have started.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="threadWasLost">Whether its log says that codex did not know its thread.</param>
    /// <returns>Null when it was never started, or is to be started again.</returns>
    /// <exception cref="IOException">The backend's files cannot be read or written.</exception>
    /// <exception cref="CodexException">The process cannot be observed.</exception>
    Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost);
}

/// <summary>One turn's place in a backend.</summary>
public interface IBackendRun
{
    /// <summary>The actor that runs the turn, as <see cref="CodexBackendProtocol"/> says. It is made once, by the turn's actor.</summary>
    /// <param name="rollout">The agent's <see cref="Plexum.Codex.Rollouts.RolloutActor"/>, which reads codex's own record of the thread.</param>
    Props PropsOf(IActorRef rollout);

    /// <summary>Kills whatever runs of the turn, and completes when nothing does. Any thread may call it, also when the actor has failed.</summary>
    Task KillAsync();

    /// <summary>Called once the turn's end is in its log, outside actors: the backend may write that down for itself.</summary>
    void NoteSettled();
}

/// <summary>A turn as a backend must know it before it starts.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="TurnId">The turn.</param>
/// <param name="Directory">The turn's directory, where the backend can keep files; it may not exist yet.</param>
public sealed record BackendTurn(AgentId AgentId, TurnId TurnId, TurnDirectory Directory);

/// <summary>A turn that an earlier process of this program started.</summary>
/// <param name="Run">Its place in the backend; <see cref="CodexBackendProtocol.Reattach"/> continues it.</param>
/// <param name="Workspace">Where codex works.</param>
/// <param name="Thread">The thread that codex was told to resume, or null.</param>
/// <param name="Baseline">The thread's total of tokens before the turn, where known.</param>
/// <param name="Age">How long ago the turn started.</param>
/// <param name="HasEnded">Whether codex no longer runs.</param>
/// <param name="ToolToken">The token with which codex reaches the host's tools, or null.</param>
public sealed record RecoveredTurn(
    IBackendRun Run, string Workspace, ThreadId? Thread, Usage? Baseline, TimeSpan Age, bool HasEnded, string? ToolToken);
