using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>codex's progress in a turn.</summary>
/// <param name="Thread">The thread that it works in; null before <c>thread.started</c>.</param>
/// <param name="IsCompleted">Whether it reported the end of the turn; it should exit soon.</param>
/// <param name="IsFailed">Whether it reported that the turn failed; it should exit soon.</param>
/// <param name="Counts">Statistics of its output.</param>
public readonly record struct TurnProgress(ThreadId? Thread, bool IsCompleted, bool IsFailed, MappingCounts Counts);
