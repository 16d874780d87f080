namespace Plexum.Codex.Rollouts.Forks;

/// <summary>Which rollouts a fork continues cannot be found out, because one of them is damaged or gone.</summary>
internal sealed class RolloutAncestryException(string message) : IOException(message);
