namespace Plexum.Codex.Threads;

/// <summary>When and where codex last continued a thread.</summary>
/// <param name="CodexHome">Codex's home at that time, an absolute path.</param>
/// <param name="At">When.</param>
public sealed record ThreadSighting(string CodexHome, DateTimeOffset At);
