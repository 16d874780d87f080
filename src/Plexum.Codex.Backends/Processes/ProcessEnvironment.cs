using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics;
using Plexum.Codex.Posix.Secrets;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Processes;

/// <summary>
/// Codex's environment: this process's own, minus some variables and all of <see cref="ServiceVariables"/>, with codex's directories first
/// on PATH.
/// </summary>
public sealed record ProcessEnvironment
{
    /// <summary>The variable that identifies the processes of a turn, including those that left codex's session.</summary>
    public const string TurnVariable = "PLEXUM_CODEX_TURN";

    /// <summary>
    /// The variable, with the turn in it as well, that only the commands of a turn get. Codex itself does not have it, and neither has
    /// what it starts for itself: MCP servers, the notify program, git, and the login shell of which it takes a snapshot (measured on
    /// 0.169.0 and 0.171.0).
    /// </summary>
    public const string CommandVariable = "PLEXUM_CODEX_COMMAND";

    /// <summary>The variables that codex does not get.</summary>
    public VariablePatterns Removed { get; init; } = VariablePatterns.None;

    /// <summary>Variables to add or replace.</summary>
    public ImmutableDictionary<string, string> Added { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The environment as <c>NAME=value</c>.</summary>
    /// <param name="binary">The codex to start.</param>
    /// <param name="turn">The turn it runs.</param>
    public ImmutableArray<string> Build(CodexBinary binary, TurnId turn) => Build(Environment.GetEnvironmentVariables(), binary, turn);

    /// <summary>The environment, as <c>NAME=value</c>, of a codex that runs no turn.</summary>
    public ImmutableArray<string> Build(CodexBinary binary) => Build(Environment.GetEnvironmentVariables(), binary, null);

    /// <summary>Makes this the environment of a codex that runs no turn.</summary>
    /// <param name="start">How it will be started.</param>
    /// <param name="binary">The codex.</param>
    public void GiveTo(ProcessStartInfo start, CodexBinary binary)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.Environment.Clear();
        foreach (var variable in Build(binary))
        {
            var equals = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..equals]] = variable[(equals + 1)..];
        }
    }

    internal ImmutableArray<string> Build(IDictionary own, CodexBinary binary, TurnId? turn)
    {
        ArgumentNullException.ThrowIfNull(binary);
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in own)
        {
            var name = (string)variable.Key;
            if (!Removed.Match(name))
            {
                variables[name] = (string?)variable.Value ?? "";
            }
        }

        foreach (var (name, value) in Added)
        {
            variables[name] = value;
        }

        variables["PATH"] = SearchPath(binary.SearchPath, variables.GetValueOrDefault("PATH") ?? "");
        if (turn is { } id)
        {
            variables[TurnVariable] = id.Value;
        }

        return
        [
            .. variables.Where(variable => !ServiceVariables.Match(variable.Key)).Select(variable => $"{variable.Key}={variable.Value}"),
        ];
    }

    // Not repeated if already first: PATH would grow each time a codex starts another codex.
    private static string SearchPath(ImmutableArray<string> first, string path) =>
        path.Split(Path.PathSeparator).Take(first.Length).SequenceEqual(first)
            ? path
            : string.Join(Path.PathSeparator, path.Length == 0 ? first : first.Add(path));
}
