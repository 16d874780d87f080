namespace Plexum.Codex.Turns;

/// <summary>What an agent is doing.</summary>
public enum AgentPhase
{
    /// <summary>The agent has nothing to do.</summary>
    Idle,

    /// <summary>The next turn is waiting for a codex slot on this machine.</summary>
    WaitingForSlot,

    /// <summary>A turn's files are being created, or another process is using the agent.</summary>
    Preparing,

    /// <summary>codex is running.</summary>
    Running,

    /// <summary>Another process is writing to the thread; codex will be started again shortly.</summary>
    WaitingForThread,

    /// <summary>codex has exited; the last events are being written.</summary>
    Settling,

    /// <summary>Tool calls in the thread's rollout are being consumed.</summary>
    Rewriting,
}
