using System.Collections.Frozen;
using System.Collections.Immutable;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands.Asked;

/// <summary>
/// Makes sure that no setting of a command is ignored in silence when a daemon with settings of its own carries the command out. A turn's
/// request can carry the sandbox and the time limit. Any other value that <c>--set</c> asks for and the daemon does not have is refused.
/// Values that come from the environment or a file were not given with this command: the user is told that the daemon has others.
/// </summary>
internal static class AskedSettings
{
    private const string Sandbox = "plexum.codex.sandbox";
    private const string Timeout = "plexum.turns.timeout";
    private const string HomeVariable = "CODEX_HOME";

    private static readonly ImmutableArray<string> SectionsOfTurns =
    [
        "plexum.codex.",
        "plexum.turns.",
        "plexum.tools.",
        "plexum.rollouts.",
        "plexum.approvals.",
        "plexum.agents.overrides.",
    ];

    // The socket selects the daemon, and a command logs at levels of its own.
    private static readonly FrozenSet<string> OfCommand = FrozenSet.Create(
        StringComparer.Ordinal,
        "plexum.api.socket",
        "plexum.log.level",
        "plexum.log.console-level"
    );

    // They concern the daemon as a whole, not a single turn.
    private static readonly FrozenSet<string> OfNoTurn = FrozenSet.Create(
        StringComparer.Ordinal,
        "plexum.codex.supported-models",
        "plexum.turns.max-running",
        "plexum.turns.queue-limit",
        "plexum.turns.idempotency-key-reuse"
    );

    /// <summary>Refuses what <c>--set</c> asks for and the daemon does not have, for a command that submits no turn.</summary>
    /// <exception cref="CodexException">The daemon has another value; the message names it.</exception>
    public static Task CheckAsync(DaemonClient daemon, ProgramSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return CheckAsync(daemon, settings, IsAsked, cancellationToken);
    }

    /// <summary>Refuses what <c>--set</c> asks of a daemon that runs already and has other values, its log levels included.</summary>
    /// <exception cref="CodexException">The daemon has another value; the message names it.</exception>
    public static Task CheckDaemonAsync(DaemonClient daemon, ProgramSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return CheckAsync(daemon, settings, setting => setting.Origin == SettingOrigin.Argument, cancellationToken);
    }

    /// <summary>Puts into the request of a turn what it can carry, and refuses the rest or tells the user about it.</summary>
    /// <returns>The request.</returns>
    /// <exception cref="CodexException">The daemon has another value than the one that is asked for; the message names it.</exception>
    public static async Task<TurnRequest> ApplyAsync(
        DaemonClient daemon,
        ProgramSettings settings,
        TurnRequest request,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        var (carried, told) = await CarryAsync(
                daemon,
                settings,
                request,
                settings.Values.Where(setting => IsAsked(setting) || IsOfTurn(setting)),
                cancellationToken
            )
            .ConfigureAwait(false);
        foreach (var sentence in settings.Warnings.Concat(told))
        {
            StderrMessages.Write(sentence);
        }

        return carried;
    }

    /// <summary>
    /// The same for a plugin, which has no user to tell: the caller passes the sentences on. Its view of the settings file is as old as
    /// the plugin, so what that says is the daemon's to know.
    /// </summary>
    /// <returns>The request, and what differs and was not asked for with <c>--set</c>, in sentences.</returns>
    /// <exception cref="CodexException">The daemon has another value than the one that is asked for; the message names it.</exception>
    public static Task<(TurnRequest Request, ImmutableArray<string> Told)> ApplyOfPluginAsync(
        DaemonClient daemon,
        ProgramSettings settings,
        TurnRequest request,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        return CarryAsync(
            daemon,
            settings,
            request,
            settings.Values.Where(setting =>
                (IsAsked(setting) && !IsOfPlugin(setting)) || (setting.Origin == SettingOrigin.Variable && IsOfTurn(setting))
            ),
            cancellationToken
        );
    }

    private static async Task<(TurnRequest Request, ImmutableArray<string> Told)> CarryAsync(
        DaemonClient daemon,
        ProgramSettings settings,
        TurnRequest request,
        IEnumerable<SettingValue> counted,
        CancellationToken cancellationToken
    )
    {
        var asked = counted.ToArray();
        var home = Environment.GetEnvironmentVariable(HomeVariable);
        if (asked.Length == 0 && string.IsNullOrEmpty(home))
        {
            return (request, []);
        }

        var differences = new SettingDifferences(settings, await UsedAsync(daemon, cancellationToken).ConfigureAwait(false));
        var others = differences.Among(asked);
        ImmutableArray<SettingValue> notCarried = [.. others.Where(setting => setting.Key is not (Sandbox or Timeout))];
        differences.ThrowIfAny([.. notCarried.Where(IsAsked)]);
        var carried = request with
        {
            Sandbox = request.Sandbox ?? (others.Any(setting => setting.Key == Sandbox) ? settings.Agents.Sandbox : null),
            Timeout = request.Timeout ?? (others.Any(setting => setting.Key == Timeout) ? settings.Agents.TurnTimeout : null),
        };
        return (carried, [.. differences.Tell(notCarried, home)]);
    }

    private static async Task CheckAsync(
        DaemonClient daemon,
        ProgramSettings settings,
        Func<SettingValue, bool> counts,
        CancellationToken cancellationToken
    )
    {
        var asked = settings.Values.Where(counts).ToArray();
        if (asked.Length > 0)
        {
            var differences = new SettingDifferences(settings, await UsedAsync(daemon, cancellationToken).ConfigureAwait(false));
            differences.ThrowIfAny(differences.Among(asked));
        }
    }

    // How the plugin logs, what it tells its host and how much it takes in one message.
    private static bool IsOfPlugin(SettingValue setting) =>
        setting.Key is "plexum.codex.supported-models" or "plexum.api.max-body-elements"
        || setting.Key.StartsWith("plexum.log.", StringComparison.Ordinal);

    private static bool IsAsked(SettingValue setting) => setting.Origin == SettingOrigin.Argument && !OfCommand.Contains(setting.Key);

    // From a variable or a file, only what decides how a turn runs.
    private static bool IsOfTurn(SettingValue setting) =>
        setting.Origin is SettingOrigin.Variable or SettingOrigin.File
        && !OfNoTurn.Contains(setting.Key)
        && SectionsOfTurns.Any(section => setting.Key.StartsWith(section, StringComparison.Ordinal));

    private static async Task<SettingsDocument> UsedAsync(DaemonClient daemon, CancellationToken cancellationToken) =>
        await daemon.SettingsAsync(cancellationToken).ConfigureAwait(false) ?? new SettingsDocument("", []);
}
