namespace Plexum.Codex.Rollouts;

/// <summary>What every <see cref="RolloutActor"/> of a process needs.</summary>
/// <param name="Settings">The settings.</param>
/// <param name="Time">The clock.</param>
internal sealed record RolloutServices(RolloutSettings Settings, TimeProvider Time);
