using Plexum.Codex.AppServer.Turns;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Choice;

/// <summary>Runs each turn with the backend that its request, its agent or the setting names, and chooses one where that is left open.</summary>
/// <param name="exec">Runs a process a turn.</param>
/// <param name="appServer">Runs turns in the warm server.</param>
/// <param name="services">What turns of the server need.</param>
/// <param name="setting">The backend of turns that name none.</param>
public sealed class ChosenBackend(ExecBackend exec, AppServerBackend appServer, AppServerTurnServices services, BackendKind setting)
    : ICodexBackend
{
    /// <summary>The versions of codex whose app-server the tests run with. Another one may behave otherwise.</summary>
    public static readonly IReadOnlySet<Version> Tried = new HashSet<Version> { new(0, 169, 0), new(0, 171, 0) };

    private volatile Version? _version;

    /// <inheritdoc/>
    public async Task GetReadyAsync()
    {
        try
        {
            _version = (await services.Binaries.FindAsync().ConfigureAwait(false)).Version;
        }
        catch (CodexUnavailableException)
        {
            // The turn itself says so.
            _version = null;
        }
    }

    /// <inheritdoc/>
    public BackendKind KindOf(BackendTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return (turn.Backend ?? setting) switch
        {
            BackendKind.Auto => CanBeWarm(turn) ? BackendKind.AppServer : BackendKind.Exec,
            var named => named,
        };
    }

    /// <inheritdoc/>
    public bool IsToBeExec(BackendTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return (turn.Backend ?? setting) == BackendKind.Exec;
    }

    /// <inheritdoc/>
    public IBackendRun NewRun(BackendTurn turn) =>
        KindOf(turn) == BackendKind.AppServer ? appServer.NewRun(turn) : exec.NewRun(turn);

    /// <inheritdoc/>
    public async Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) =>
        await appServer.FindAsync(turn, threadWasLost).ConfigureAwait(false)
        ?? await exec.FindAsync(turn, threadWasLost).ConfigureAwait(false);

    // With the sandbox inherit, a thread that the server resumes would keep the sandbox of its last turn.
    private bool CanBeWarm(BackendTurn turn) =>
        _version is { } version
        && Tried.Contains(version)
        && turn.Sandbox != CodexSandbox.Inherit
        && ServerArguments.Of(services.ExtraArgs).Unknown is null;
}
