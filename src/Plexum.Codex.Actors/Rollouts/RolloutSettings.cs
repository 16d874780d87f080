namespace Plexum.Codex.Rollouts;

/// <summary>How codex's own records of threads are read and rewritten.</summary>
/// <param name="CodexHome">codex's home, where it keeps threads and their locks.</param>
/// <param name="LockLimit">How long a consume waits for each lock.</param>
/// <param name="Limits">How much of a rollout gets into events.</param>
public sealed record RolloutSettings(string CodexHome, TimeSpan LockLimit, RolloutLimits Limits);
