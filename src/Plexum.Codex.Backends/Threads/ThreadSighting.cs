namespace Plexum.Codex.Threads;

/// <summary>When and where codex last continued a thread.</summary>
/// <param name="CodexHome">Codex's home at that time, an absolute path.</param>
/// <param name="At">When.</param>
/// <param name="Place">The directory in which it had neighbours; null if it had none, or if that is unknown.</param>
/// <param name="Own">The directory of its rollout; null if that is unknown.</param>
public sealed record ThreadSighting(string CodexHome, DateTimeOffset At, RolloutPlace? Place = null, RolloutPlace? Own = null)
{
    /// <summary>Whether both directories are the ones that they were.</summary>
    public bool IsIntact => Place is { IsThere: true } && Own is { IsThere: true };
}
