using System.Collections.Immutable;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.CodexConfig;

/// <summary>
/// Which environment variables codex hands to the model's commands: its <c>shell_environment_policy</c>. Codex first removes what
/// <c>exclude</c> names, then adds <c>set</c>, then removes what <c>include_only</c> does not name. That holds in every sandbox and with
/// none, in new and resumed threads, and for codex's snapshot of the shell; MCP servers are not concerned (measured on 0.169.0 and
/// 0.171.0).
/// </summary>
public static class ShellPolicy
{
    private const string Policy = "shell_environment_policy";
    private const string Exclude = Policy + ".exclude";

    /// <summary>
    /// The values of <c>-c</c>. A list in an argument replaces the lists of codex's configuration files, so theirs are part of it. The
    /// turn's own variables stay, because by them the turn's processes are found, and its commands are told from codex's own.
    /// </summary>
    /// <param name="hidden">The variables to hide; with none, codex's configuration decides alone.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="codexHome">Codex's home, which has the user's configuration.</param>
    /// <exception cref="CodexConfigException">A configuration file cannot be read.</exception>
    public static ImmutableArray<string> Overrides(VariablePatterns hidden, TurnId turn, string codexHome) =>
        Overrides(hidden, turn.Value, codexHome);

    /// <summary>The same for a thread that several turns use.</summary>
    /// <param name="hidden">The variables to hide.</param>
    /// <param name="marker">What the commands have in place of the turn.</param>
    /// <param name="codexHome">Codex's home.</param>
    /// <exception cref="CodexConfigException">A configuration file cannot be read.</exception>
    public static ImmutableArray<string> Overrides(VariablePatterns hidden, string marker, string codexHome)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ImmutableArray<string> markers = [MarkerOf(ProcessEnvironment.TurnVariable), MarkerOf(ProcessEnvironment.CommandVariable)];
        if (hidden.Texts.IsEmpty)
        {
            return markers;
        }

        var theirs = new[] { CodexConfigFile.OfTheMachine, CodexConfigFile.OfTheUser(codexHome) }.SelectMany(path =>
            CodexConfigFile.Load(path).Strings(Exclude)
        );
        return [$"{Exclude}={TomlText.List(hidden.Texts.Concat(theirs).Distinct(StringComparer.Ordinal))}", .. markers];

        string MarkerOf(string variable) => $"{Policy}.set.{variable}={TomlText.Quote(marker)}";
    }

    /// <summary>Whether arguments for codex have a list of their own, which <c>Overrides</c> would replace.</summary>
    public static bool IsIn(ImmutableArray<string> arguments) =>
        arguments.Any(argument =>
            argument.Contains(Policy, StringComparison.Ordinal)
            && argument.Replace("ignore_default_excludes", "", StringComparison.Ordinal).Contains("exclude", StringComparison.Ordinal)
        );
}
