using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Posix;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Exec;

/// <summary>Runs each turn as a separate <c>codex exec</c> process.</summary>
public sealed class ExecBackend(ExecServices services) : ICodexBackend
{
    /// <inheritdoc/>
    public IBackendRun NewRun(BackendTurn turn) => new ExecRun(services, new ExecTurn(turn), null);

    /// <inheritdoc/>
    public Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) =>
        FileWork.Run(() => new TurnRecovery(services).Find(turn, threadWasLost));
}

/// <summary>A turn's process and files.</summary>
/// <param name="services">What <c>codex exec</c> needs.</param>
/// <param name="turn">The turn's files.</param>
/// <param name="found">The codex that an earlier process of this program started, or null.</param>
internal sealed class ExecRun(ExecServices services, ExecTurn turn, CodexProcess? found) : IBackendRun
{
    public Props PropsOf(IActorRef rollout) => ExecTurnActor.Props(services, turn, found, rollout);

    public Task KillAsync() => turn.KillAsync();

    public Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken) => turn.IsOwnAsync(peer, cancellationToken);

    // The log is what counts, and it has the end already.
    public string? NoteSettled()
    {
        try
        {
            turn.NoteSettled();
            return null;
        }
        catch (Exception e)
        {
            return e.Message;
        }
    }
}
