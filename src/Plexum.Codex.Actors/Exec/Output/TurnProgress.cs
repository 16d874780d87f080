using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>How far codex has come with a turn.</summary>
/// <param name="Thread">The thread it works in, from <c>thread.started</c> on.</param>
/// <param name="IsCompleted">Whether it told the end of the turn; it should exit soon.</param>
/// <param name="IsFailed">Whether it told that the turn failed; it should exit soon.</param>
/// <param name="Counts">Its output in numbers.</param>
public readonly record struct TurnProgress(ThreadId? Thread, bool IsCompleted, bool IsFailed, MappingCounts Counts);
