using System.Collections.Immutable;

namespace Plexum.Codex.Host.Configuration;

/// <summary>The configuration cannot be used. All that is wrong with it is told at once.</summary>
public sealed class ConfigurationProblemsException : CodexException
{
    /// <summary>Carries the problems.</summary>
    public ConfigurationProblemsException(ImmutableArray<string> problems)
        : base("The configuration cannot be used:\n  " + string.Join("\n  ", problems)) =>
        Problems = problems;

    /// <summary>A sentence for each.</summary>
    public ImmutableArray<string> Problems { get; }
}
