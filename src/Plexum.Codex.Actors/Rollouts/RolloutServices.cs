namespace Plexum.Codex.Rollouts;

/// <summary>What every <see cref="RolloutActor"/> of a process needs.</summary>
/// <param name="CodexHome">codex's home, where it keeps threads and their locks.</param>
/// <param name="LockLimit">How long a consume waits for each lock.</param>
/// <param name="Limits">How much of a rollout gets into events.</param>
/// <param name="Time">The clock.</param>
internal sealed record RolloutServices(string CodexHome, TimeSpan LockLimit, RolloutLimits Limits, TimeProvider Time);
