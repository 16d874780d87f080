using Akka.Actor;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Backend;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>Runs turns in the warm <c>codex app-server</c> of this node.</summary>
/// <param name="services">What turns need.</param>
public sealed class AppServerBackend(AppServerTurnServices services) : ICodexBackend
{
    /// <inheritdoc/>
    public IBackendRun NewRun(BackendTurn turn) => new AppServerRun(services, new ServerTurn(turn));

    /// <inheritdoc/>
    public Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) => FileWork.Run(() => Find(turn));

    private RecoveredTurn? Find(BackendTurn turn)
    {
        if (AppServerRecord.Load(turn.Directory) is not { } record)
        {
            return null;
        }

        var age = services.Time.GetUtcNow() - record.StartedAt;
        return new RecoveredTurn(
            new AppServerRun(services, ServerTurn.Of(turn, record)),
            record.Workspace,
            ThreadId.TryParse(record.ResumedThread, out var thread) ? thread : null,
            record.Baseline,
            age > TimeSpan.Zero ? age : TimeSpan.Zero,
            HasEnded: false,
            ToolTokenHash.TryParse(record.ToolTokenHash, out var hash) ? hash : null
        )
        {
            Backend = BackendKind.AppServer,
            RepeatsOutput = false,
        };
    }
}

/// <summary>A turn in the server.</summary>
/// <param name="services">What turns need.</param>
/// <param name="turn">The turn's files.</param>
internal sealed class AppServerRun(AppServerTurnServices services, ServerTurn turn) : IBackendRun
{
    // A loaded thread keeps its configuration with its MCP servers (measured on 0.169.0 and 0.171.0).
    public bool KeepsToolConnections => true;

    public Props PropsOf(IActorRef rollout) => AppServerTurnActor.Props(services, turn, rollout);

    // A thread that is unloaded runs no turn, no command and no MCP server any more (measured on 0.169.0).
    public async Task KillAsync()
    {
        if (turn.Thread is not { } thread)
        {
            return;
        }

        string? problem;
        try
        {
            var unloaded = await services
                .Server.Ask<AppServerProtocol.Unloaded>(
                    new AppServerProtocol.Unload(thread) { EvenWithTurn = true },
                    services.Settings.InterruptGrace
                )
                .ConfigureAwait(false);
            problem = unloaded.Problem;
        }
        catch (AskTimeoutException)
        {
            problem = "codex's app-server did not answer.";
        }

        await FileWork.Run(() => turn.KillProcesses()).ConfigureAwait(false);
        if (problem is not null)
        {
            throw new CodexException($"Turn {turn.TurnId} may still run in codex's app-server: {problem} Restart plexum-codex.");
        }
    }

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
