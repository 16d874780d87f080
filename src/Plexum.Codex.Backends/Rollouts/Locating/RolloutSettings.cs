namespace Plexum.Codex.Rollouts.Locating;

/// <summary>How codex's rollouts are read and rewritten. The defaults are those of <c>config/akka.hocon</c>.</summary>
public sealed record RolloutSettings
{
    /// <summary>codex's home, where it keeps threads and their locks.</summary>
    public required string CodexHome { get; init; }

    /// <summary>How long a consume waits for the agent, and then for its thread, while another process holds them.</summary>
    public TimeSpan LockLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How much of a rollout goes into events.</summary>
    public RolloutLimits Limits { get; init; } = new();
}
