namespace Plexum.Codex.Problems;

/// <summary>When something counts as a problem.</summary>
public sealed record ProblemSettings
{
    /// <summary>How long a turn may wait to be started.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How many turns may fail in a row, those of all agents together.</summary>
    public int MaxFailures { get; init; } = 5;

    /// <summary>How many bytes must be free on the profile's disk.</summary>
    public long MinRoom { get; init; } = 256 * 1024 * 1024;
}
