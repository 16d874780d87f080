using System.Collections;
using System.Collections.Immutable;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Commands.Asked;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Secrecy;

namespace Plexum.Codex.Host.Commands.Service;

/// <summary>
/// Compares the environment of a running daemon with the one that its successor gets from this command: another home or login of codex, or
/// other settings, must not come with a restart by accident. The old environment cannot be passed on, because a daemon's is closed to
/// other processes of its user.
/// </summary>
/// <param name="next">The settings as the successor would read them.</param>
/// <param name="environment">The environment of this command.</param>
internal sealed class RestartEnvironment(ProgramSettings next, IDictionary environment)
{
    private const int MaxShown = 60;

    /// <summary>The differences, a phrase for each; secrets are hidden.</summary>
    /// <param name="used">What the running daemon has.</param>
    public ImmutableArray<string> Differences(SettingsDocument used)
    {
        ArgumentNullException.ThrowIfNull(used);
        var home = next.Rollouts.CodexHome;
        return
        [
            .. used.CodexHome == home ? [] : new[] { $"CODEX_HOME is {home} here and {used.CodexHome} there" },
            .. used
                .Settings.Join(next.Values, own => own.Key, setting => setting.Name, (own, setting) => (Own: own, Setting: setting))
                .Where(pair => IsOfVariable(pair.Own, pair.Setting) && !SettingDifferences.AreSame(pair.Own, pair.Setting))
                .Select(pair =>
                    $"{pair.Setting.Name} is {Shown(SecretMask.Of(pair.Setting.Text))} here ({pair.Setting.Source}) and "
                    + $"{Shown(pair.Own.Value)} there ({pair.Own.Source})"
                ),
            .. used.Environment is { } variables ? Differences(variables) : [],
        ];
    }

    /// <summary>Throws if there are any.</summary>
    /// <param name="used">What the running daemon has.</param>
    /// <exception cref="CodexException">There are; the message lists them and says what to do.</exception>
    public void ThrowIfOther(SettingsDocument used)
    {
        if (Differences(used) is [_, ..] differences)
        {
            throw new CodexException(
                "A restarted daemon gets the environment of this command, which is not that of the running daemon: "
                    + $"{string.Join("; ", differences)}. Run the command in the daemon's environment, or with --new-environment to "
                    + "change it."
            );
        }
    }

    private IEnumerable<string> Differences(ImmutableArray<VariableDocument> there)
    {
        var here = CodexVariables.Of(environment);
        return here.Concat(there)
            .Select(variable => variable.Name)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name => (Name: name, Here: HashOf(here, name), There: HashOf(there, name)))
            .Where(variable => variable.Here != variable.There)
            .Select(variable =>
                variable.Here is null ? $"{variable.Name} is set there and not here"
                : variable.There is null ? $"{variable.Name} is set here and not there"
                : $"{variable.Name} has another value here than there"
            );
    }

    // A file that was changed is often the reason for the restart.
    private static bool IsOfVariable(SettingDocument own, SettingValue setting) =>
        setting.Origin == SettingOrigin.Variable || own.Source.StartsWith(SettingsSources.VariablePrefix, StringComparison.Ordinal);

    private static string? HashOf(ImmutableArray<VariableDocument> variables, string name) =>
        variables.FirstOrDefault(variable => variable.Name == name)?.Sha256;

    private static string Shown(string value) => value.Length == 0 ? "\"\"" : Consoles.OneLine(value, MaxShown);
}
