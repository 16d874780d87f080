using System.Collections.Immutable;

namespace Plexum.Codex;

/// <summary>The configuration is invalid. The exception lists all problems.</summary>
public sealed class ConfigurationProblemsException : CodexException
{
    /// <summary>Creates the exception.</summary>
    public ConfigurationProblemsException(ImmutableArray<string> problems)
        : base("The configuration is invalid:\n  " + string.Join("\n  ", problems)) => Problems = problems;

    /// <summary>One sentence for each problem.</summary>
    public ImmutableArray<string> Problems { get; }
}
