using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>A thread belongs to another agent than the one that was to continue it.</summary>
/// <param name="thread">The thread.</param>
/// <param name="owner">The agent that it belongs to.</param>
/// <param name="agent">The agent that was to continue it.</param>
public sealed class ThreadOwnedException(ThreadId thread, AgentId owner, AgentId agent)
    : CodexException(
        $"The thread {thread} belongs to agent {owner}, so agent {agent} does not work in it. Try again: the agent then continues "
            + "its own thread or begins one."
    );
