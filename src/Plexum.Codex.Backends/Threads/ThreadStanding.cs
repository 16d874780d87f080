using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>What an agent's turns found out about its thread.</summary>
/// <param name="Thread">The thread.</param>
public sealed record ThreadStanding(ThreadId Thread)
{
    /// <summary>When and where codex last continued it; null if unknown.</summary>
    public ThreadSighting? Seen { get; init; }

    /// <summary>Why codex has not continued it since; null if it has.</summary>
    public ThreadProblem? Problem { get; init; }
}
