namespace Plexum.Codex.Agents;

/// <summary>What an agent is doing.</summary>
public enum AgentPhase
{
    /// <summary>Nothing.</summary>
    Idle,

    /// <summary>The next turn waits until another codex may run on this machine.</summary>
    WaitingForSlot,

    /// <summary>A turn's files are being made, or the agent is in use by another process.</summary>
    Preparing,

    /// <summary>codex is running.</summary>
    Running,

    /// <summary>Another process writes to the thread; codex is started again in a moment.</summary>
    WaitingForThread,

    /// <summary>codex has exited; the last events are being written.</summary>
    Settling,

    /// <summary>Tool calls are being taken out of the thread's rollout.</summary>
    Rewriting,
}
