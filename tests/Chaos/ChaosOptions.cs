namespace Plexum.Codex.Chaos;

/// <summary>The size of a run.</summary>
/// <param name="Agents">How many agents there are.</param>
/// <param name="Turns">How many turns are submitted, in equal parts for each agent.</param>
/// <param name="Kills">How often the daemon is killed.</param>
/// <param name="Seed">Decides at which moments.</param>
public sealed record ChaosOptions(int Agents, int Turns, int Kills, int Seed)
{
    /// <summary>How many readers each turn has.</summary>
    public int Readers { get; init; } = 1;

    /// <summary>How long the whole run may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Settings of the daemon, as <c>--set</c> takes them.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
