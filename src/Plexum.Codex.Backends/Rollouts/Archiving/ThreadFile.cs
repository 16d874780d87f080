using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Archiving;

/// <summary>A file of codex's that belongs to a thread.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="Path">Its absolute path.</param>
/// <param name="Name">Its path in codex's home, such as <c>sessions/2026/01/31/rollout-….jsonl</c>.</param>
public sealed record ThreadFile(ThreadId Thread, string Path, string Name)
{
    /// <summary>codex's directories with rollouts: those that it continues, and those that were archived.</summary>
    public static IReadOnlyList<string> Directories { get; } = ["sessions", "archived_sessions"];
}
