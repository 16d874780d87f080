using Plexum.Codex.Posix;
using Plexum.Codex.Rollouts.Whereabouts;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

/// <summary>An agent's thread, to be shown.</summary>
/// <param name="Agent">The agent.</param>
internal sealed record ThreadView(AgentId Agent)
{
    /// <summary>The thread that its next turn continues; null if that begins a new one.</summary>
    public ThreadId? Thread { get; init; }

    /// <summary>What has become of the thread.</summary>
    public ThreadWhereabouts? Found { get; init; }

    /// <summary>The process that writes to the thread now; null if none does.</summary>
    public LockHolder? Writer { get; init; }

    /// <summary>Why codex did not continue the thread last time; null if it did.</summary>
    public ThreadProblem? Problem { get; init; }

    /// <summary>Its state in one word.</summary>
    public string State =>
        Found is not { } found ? "none"
        : Writer is not null ? "locked"
        : found.State switch
        {
            RolloutState.There => "there",
            RolloutState.Archived => "archived",
            RolloutState.Unreadable => "unreadable",
            RolloutState.Gone => "gone",
            _ => "unreachable",
        };
}
