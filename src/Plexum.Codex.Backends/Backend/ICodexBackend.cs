using Akka.Actor;
using Plexum.Codex.Logs;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>Runs turns with codex. All agents share one. Thread-safe.</summary>
public interface ICodexBackend
{
    /// <summary>
    /// Chooses what runs a turn; called outside actors, once for a turn, since codex may be replaced at any time. It never throws.
    /// </summary>
    Task<BackendChoice> ChooseAsync(BackendTurn turn) => Task.FromResult(new BackendChoice(BackendKind.Exec));

    /// <summary>
    /// Whether <see cref="BackendKind.Exec"/> runs the turn in any case, since its request, its agent or the setting names it.
    /// </summary>
    bool IsToBeExec(BackendTurn turn) => true;

    /// <summary>Prepares a new turn, whose <see cref="BackendTurn.Backend"/> is chosen. Nothing is started, read or written yet.</summary>
    IBackendRun NewRun(BackendTurn turn);

    /// <summary>Looks for a turn that an earlier process of this program may have started.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="threadWasLost">Whether its log says that codex did not know its thread.</param>
    /// <returns>Null if it was never started, or is to be started again.</returns>
    /// <exception cref="IOException">The backend's files cannot be read or written.</exception>
    /// <exception cref="CodexException">The process cannot be observed.</exception>
    Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost);
}

/// <summary>A backend's run of one turn.</summary>
public interface IBackendRun
{
    /// <summary>
    /// Whether what codex started to reach the turn's tools may serve the next turn of the thread, so that its connection is kept and
    /// refuses
    /// calls in between.
    /// </summary>
    bool KeepsToolConnections => false;

    /// <summary>The actor that runs the turn by <see cref="CodexBackendProtocol"/>. The turn's actor creates it, once.</summary>
    /// <param name="rollout">
    /// The agent's <see cref="Plexum.Codex.Rollouts.RolloutActor"/>, which reads codex's own record of the thread.
    /// </param>
    Props PropsOf(IActorRef rollout);

    /// <summary>
    /// Kills every process of the turn; completes when none is left. May be called from any thread, even after the actor failed.
    /// </summary>
    /// <exception cref="CodexException">Some could not be killed; all others were.</exception>
    Task KillAsync();

    /// <summary>
    /// Whether a connection comes from this turn's codex, or from what codex started and has not abandoned. Waits while codex is being
    /// started. May be called from any thread, and after the turn, when nothing is the turn's own.
    /// </summary>
    /// <param name="peer">Who connected.</param>
    /// <param name="cancellationToken">Ends the wait; then the answer means nothing.</param>
    Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken);

    /// <summary>Called outside actors once the turn's end is in its log, so that the backend records it, too. It never throws.</summary>
    /// <returns>Why the end could not be recorded, which changes nothing about the turn; null if it was.</returns>
    string? NoteSettled();
}

/// <summary>What runs a turn.</summary>
/// <param name="Kind"><see cref="BackendKind.Exec"/> or <see cref="BackendKind.AppServer"/>.</param>
/// <param name="WhyExec">
/// Why a turn that leaves the choice is not run by the warm server, as a sentence; null if it is, or if it does not leave the choice.
/// </param>
public sealed record BackendChoice(BackendKind Kind, string? WhyExec = null);

/// <summary>What a backend needs to know about a turn before it starts.</summary>
/// <param name="AgentId">The agent.</param>
/// <param name="TurnId">The turn.</param>
/// <param name="Directory">The turn's directory, where the backend can keep files; it may not exist yet.</param>
public sealed record BackendTurn(AgentId AgentId, TurnId TurnId, TurnDirectory Directory)
{
    /// <summary>
    /// What runs it. Before that is chosen, what its request or its agent says is to run it; null for what the setting says.
    /// </summary>
    public BackendKind? Backend { get; init; }

    /// <summary>What the model's commands may do.</summary>
    public CodexSandbox Sandbox { get; init; }

    /// <summary>What the turn's log has already, written by an earlier process of this program.</summary>
    public LoggedTurn Logged { get; init; } = LoggedTurn.Nothing;
}

/// <summary>A turn that an earlier process of this program started.</summary>
/// <param name="Run">Its run; <see cref="CodexBackendProtocol.Reattach"/> continues it.</param>
/// <param name="Workspace">Where codex works.</param>
/// <param name="Thread">The thread that codex was told to resume, or null.</param>
/// <param name="Baseline">The thread's token total before the turn, if known.</param>
/// <param name="Age">How long ago the turn started.</param>
/// <param name="HasEnded">Whether codex has ended.</param>
/// <param name="ToolTokenHash">Recognises the token with which codex reaches the host's tools; null if it has none.</param>
public sealed record RecoveredTurn(
    IBackendRun Run,
    string Workspace,
    ThreadId? Thread,
    Usage? Baseline,
    TimeSpan Age,
    bool HasEnded,
    ToolTokenHash? ToolTokenHash
)
{
    /// <summary>
    /// Whether the run tells again what the turn's log has already, in the same order, so that it has to be skipped. Otherwise it tells
    /// only
    /// what is new.
    /// </summary>
    public bool RepeatsOutput { get; init; } = true;

    /// <summary>What runs it.</summary>
    public required BackendKind Backend { get; init; }
}
