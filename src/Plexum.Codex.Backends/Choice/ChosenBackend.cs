using Plexum.Codex.AppServer.Turns;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Choice;

/// <summary>
/// Runs each turn with the backend that its request, its agent or the setting names, and chooses one where that is left open.
/// </summary>
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
            BackendKind.Auto => WhyNotWarm(turn) is null ? BackendKind.AppServer : BackendKind.Exec,
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
    public string? WhyExec(BackendTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return (turn.Backend ?? setting) == BackendKind.Auto ? WhyNotWarm(turn) : null;
    }

    /// <inheritdoc/>
    public IBackendRun NewRun(BackendTurn turn) => KindOf(turn) == BackendKind.AppServer ? appServer.NewRun(turn) : exec.NewRun(turn);

    /// <inheritdoc/>
    public async Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) =>
        await appServer.FindAsync(turn, threadWasLost).ConfigureAwait(false)
        ?? await exec.FindAsync(turn, threadWasLost).ConfigureAwait(false);

    private string? WhyNotWarm(BackendTurn turn) =>
        _version is not { } version ? "codex was not found, so nothing is known of its app-server."
        : !Tried.Contains(version)
            ? $"The app-server of codex {version} was not tried with this program; that of {string.Join(" and ", Tried.Order())} was."
        : turn.Sandbox == CodexSandbox.Inherit
            ? "With the sandbox inherit, a thread that the app-server loads again would keep the sandbox of its last turn."
        : ServerArguments.Of(services.ExtraArgs).Unknown is { } unknown
            ? $"A thread of the app-server cannot have \"{unknown}\", which is in codex.extra-args."
        : null;
}
