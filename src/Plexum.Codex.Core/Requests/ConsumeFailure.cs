namespace Plexum.Codex.Requests;

/// <summary>Why a consume failed.</summary>
public enum ConsumeFailureReason
{
    /// <summary>The request's workspace is not an absolute path.</summary>
    BadWorkspace,

    /// <summary>The request's workspace is in a place where no turn, or no turn of this client, may work.</summary>
    WorkspaceNotAllowed,

    /// <summary>The agent's queue is full.</summary>
    QueueFull,

    /// <summary>Another process is running a turn of the agent.</summary>
    AgentBusy,

    /// <summary>Another process is writing to the thread.</summary>
    ThreadBusy,

    /// <summary>The rollout cannot be read or written; it is unchanged.</summary>
    Rollout,

    /// <summary>plexum-codex failed; the rollout is either unchanged or fully consumed.</summary>
    Internal,
}

/// <summary>A failed consume: the reason for programs, and a sentence for people.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Message">What happened, to what, and what to do about it.</param>
public sealed record ConsumeFailure(ConsumeFailureReason Reason, string Message)
{
    /// <summary>The reason as it is written in JSON.</summary>
    public string Code =>
        Reason switch
        {
            ConsumeFailureReason.BadWorkspace => "workspace_not_absolute",
            ConsumeFailureReason.WorkspaceNotAllowed => "workspace_not_allowed",
            ConsumeFailureReason.QueueFull => "queue_full",
            ConsumeFailureReason.AgentBusy => "agent_busy",
            ConsumeFailureReason.ThreadBusy => "thread_busy",
            ConsumeFailureReason.Rollout => "rollout_unusable",
            _ => "host_failure",
        };
}
