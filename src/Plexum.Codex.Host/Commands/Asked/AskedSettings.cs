using System.Collections.Frozen;
using System.Collections.Immutable;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Hocon;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Host.Commands.Asked;

/// <summary>
/// Sees to it that no setting that a command is given is dropped in silence when a daemon with settings of its own carries the command out.
/// A turn's request can carry the sandbox and the time limit. Any other value that is not the daemon's is refused, or, where nobody asked
/// for it with this command, told.
/// </summary>
internal static class AskedSettings
{
    private const string Sandbox = "plexum.codex.sandbox";
    private const string Timeout = "plexum.turns.timeout";
    private const string Binary = "plexum.codex.binary";
    private const string HomeVariable = "CODEX_HOME";

    // It says which daemon is meant.
    private const string Socket = "plexum.api.socket";

    private static readonly ImmutableArray<string> SectionsOfTurns =
    [
        "plexum.codex.",
        "plexum.turns.",
        "plexum.tools.",
        "plexum.rollouts.",
    ];

    // They concern the daemon as a whole and no turn by itself.
    private static readonly FrozenSet<string> OfNoTurn = FrozenSet.Create(
        StringComparer.Ordinal,
        "plexum.codex.supported-models",
        "plexum.turns.max-running",
        "plexum.turns.queue-limit",
        "plexum.turns.idempotency-key-reuse"
    );

    /// <summary>Refuses what <c>--set</c> asks for and the daemon does not have, for a command that submits no turn.</summary>
    /// <exception cref="CodexException">The daemon has another value; the message names it.</exception>
    public static async Task CheckAsync(DaemonClient daemon, ProgramSettings settings, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var asked = settings.Values.Where(setting => setting.Origin == SettingOrigin.Argument && setting.Key != Socket).ToArray();
        if (asked.Length > 0)
        {
            var used = await UsedAsync(daemon, cancellationToken).ConfigureAwait(false);
            Refuse(settings, [.. asked.Where(setting => !IsUsed(used, setting))], used);
        }
    }

    /// <summary>Puts into the request of a turn what it can carry, and refuses or tells the rest.</summary>
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
        foreach (var warning in settings.Warnings)
        {
            StderrMessages.Write(warning);
        }

        var asked = settings.Values.Where(Concerns).ToArray();
        var home = Environment.GetEnvironmentVariable(HomeVariable);
        if (asked.Length == 0 && string.IsNullOrEmpty(home))
        {
            return request;
        }

        var used = await UsedAsync(daemon, cancellationToken).ConfigureAwait(false);
        var others = asked.Where(setting => !IsUsed(used, setting)).ToArray();
        Refuse(settings, [.. others.Where(IsRefused)], used);
        Tell(settings, [.. others.Where(setting => !IsCarried(setting))], used, home);
        return request with
        {
            Sandbox = others.Any(setting => setting.Key == Sandbox) ? settings.Agents.Sandbox : request.Sandbox,
            Timeout = others.Any(setting => setting.Key == Timeout) ? settings.Agents.TurnTimeout : request.Timeout,
        };
    }

    // What was said with this command counts wherever it is about; what is around it, only if it is about how a turn runs.
    private static bool Concerns(SettingValue setting) =>
        setting.Key != Socket
        && (
            setting.Origin == SettingOrigin.Argument
            || (
                setting.Origin != SettingOrigin.Default
                && !OfNoTurn.Contains(setting.Key)
                && SectionsOfTurns.Any(section => setting.Key.StartsWith(section, StringComparison.Ordinal))
            )
        );

    private static bool IsCarried(SettingValue setting) => setting.Key is Sandbox or Timeout;

    // The codex that a shell finds is rarely the one that a service does, and nobody chooses the other by that.
    private static bool IsRefused(SettingValue setting) =>
        !IsCarried(setting)
        && (setting.Origin == SettingOrigin.Argument || (setting.Origin == SettingOrigin.Variable && setting.Key != Binary));

    // A daemon of an earlier version does not tell its settings.
    private static async Task<SettingsDocument> UsedAsync(DaemonClient daemon, CancellationToken cancellationToken) =>
        await daemon.SettingsAsync(cancellationToken).ConfigureAwait(false) ?? new SettingsDocument("", []);

    private static bool IsUsed(SettingsDocument used, SettingValue setting) =>
        Find(used, setting) is { } own && HoconUnits.AreSame(own.Value, setting.Text);

    private static SettingDocument? Find(SettingsDocument used, SettingValue setting) =>
        used.Settings.FirstOrDefault(other => other.Key == setting.Name);

    private static void Refuse(ProgramSettings settings, ImmutableArray<SettingValue> others, SettingsDocument used)
    {
        if (others.Length > 0)
        {
            var differences = string.Join("; ", others.Select(other => Describe(other, used)));
            throw new CodexException(
                $"The daemon carries this out, with settings of its own: {differences}. "
                    + $"Leave that out, or write it into {settings.Profile.SettingsFile} and restart the daemon."
            );
        }
    }

    private static void Tell(ProgramSettings settings, ImmutableArray<SettingValue> others, SettingsDocument used, string? home)
    {
        // Of an earlier version nothing is known, and what was not asked for with this command may well be as it is.
        if (used.Settings.IsEmpty)
        {
            return;
        }

        if (others.Length > 0)
        {
            StderrMessages.Write(
                $"The daemon of the profile {settings.Profile.Root} was started with other settings and runs the turn with those: "
                    + $"{string.Join("; ", others.Select(other => Describe(other, used)))}. Restart it to have it use the new ones."
            );
        }

        if (!string.IsNullOrEmpty(home) && Path.GetFullPath(home) != used.CodexHome)
        {
            StderrMessages.Write($"{HomeVariable} is {home} here, and the daemon runs the turn with {used.CodexHome}.");
        }
    }

    private static string Describe(SettingValue asked, SettingsDocument used)
    {
        var own = Find(used, asked) is { } setting ? $"the daemon has {Shown(setting.Value)}" : "the daemon does not tell its own";
        return $"{asked.Source} asks for {asked.Name} = {Shown(asked.Text)}, and {own}";
    }

    private static string Shown(string value) => value.Length == 0 ? "\"\"" : Consoles.OneLine(value, 60);
}
