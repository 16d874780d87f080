namespace Plexum.Codex.Agents;

/// <summary>Why a consume was not carried out.</summary>
public enum ConsumeFailureReason
{
    /// <summary>The request names no absolute path as the workspace.</summary>
    BadWorkspace,

    /// <summary>The agent has as much waiting as it may have.</summary>
    QueueFull,

    /// <summary>Another process runs a turn of the agent.</summary>
    AgentBusy,

    /// <summary>Another process writes to the thread.</summary>
    ThreadBusy,

    /// <summary>The rollout cannot be read or written; it is as it was.</summary>
    Rollout,

    /// <summary>plexum-codex failed; the rollout is as it was or consumed.</summary>
    Host,
}

/// <summary>A consume that was not carried out: the reason for programs, and a sentence for people.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Message">What happened, to what, and what to do about it.</param>
public sealed record ConsumeFailure(ConsumeFailureReason Reason, string Message)
{
    /// <summary>The reason as it stands in JSON.</summary>
    public string Code => Reason switch
    {
        ConsumeFailureReason.BadWorkspace => "workspace_not_absolute",
        ConsumeFailureReason.QueueFull => "queue_full",
        ConsumeFailureReason.AgentBusy => "agent_busy",
        ConsumeFailureReason.ThreadBusy => "thread_busy",
        ConsumeFailureReason.Rollout => "rollout_unusable",
        _ => "host_failure",
    };
}
