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

    /// <inheritdoc/>
    public async Task<BackendChoice> ChooseAsync(BackendTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return (turn.Backend ?? setting) is not BackendKind.Auto and var named ? new BackendChoice(named)
            : WhyNotWarm(turn, await FindVersionAsync().ConfigureAwait(false)) is { } reason ? new BackendChoice(BackendKind.Exec, reason)
            : new BackendChoice(BackendKind.AppServer);
    }

    /// <inheritdoc/>
    public bool IsToBeExec(BackendTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return (turn.Backend ?? setting) == BackendKind.Exec;
    }

    /// <inheritdoc/>
    public IBackendRun NewRun(BackendTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        return turn.Backend switch
        {
            BackendKind.AppServer => appServer.NewRun(turn),
            BackendKind.Exec => exec.NewRun(turn),
            var open => throw new InvalidOperationException($"What is to run turn {turn.TurnId} is not chosen: {open}."),
        };
    }

    /// <inheritdoc/>
    public async Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) =>
        await appServer.FindAsync(turn, threadWasLost).ConfigureAwait(false)
        ?? await exec.FindAsync(turn, threadWasLost).ConfigureAwait(false);

    // Null if it is not found; the turn itself says so.
    private async Task<Version?> FindVersionAsync()
    {
        try
        {
            return (await services.Binaries.FindAsync().ConfigureAwait(false)).Version;
        }
        catch (CodexUnavailableException)
        {
            return null;
        }
    }

    private string? WhyNotWarm(BackendTurn turn, Version? found) =>
        found is not { } version ? "codex was not found, so nothing is known of its app-server."
        : !Tried.Contains(version)
            ? $"The app-server of codex {version} was not tried with this program; that of {string.Join(" and ", Tried.Order())} was."
        : turn.Sandbox == CodexSandbox.Inherit
            ? "With the sandbox inherit, a thread that the app-server loads again would keep the sandbox of its last turn."
        : ServerArguments.Of(services.ExtraArgs).Unknown is { } unknown
            ? $"A thread of the app-server cannot have \"{unknown}\", which is in codex.extra-args."
        : null;
}
