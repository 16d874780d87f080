namespace Plexum.Codex.Events;

/// <summary>The codes of <see cref="CanonicalEvent.Notice"/>. Readers must expect unknown ones.</summary>
public static class NoticeCodes
{
    /// <summary>Codex lost its connection and is reconnecting.</summary>
    public const string Reconnecting = "reconnecting";

    /// <summary>Codex does not know the model and uses defaults.</summary>
    public const string ModelMetadata = "model_metadata";

    /// <summary>An item of type <c>error</c>: a warning from codex.</summary>
    public const string CodexWarning = "codex_warning";

    /// <summary>A top-level <c>error</c> from codex. The turn may still succeed.</summary>
    public const string CodexError = "codex_error";

    /// <summary>The thread is gone; a new one was started and the context is lost.</summary>
    public const string ThreadLost = "thread_lost";

    /// <summary>Codex continued in another thread than the one it was asked to resume.</summary>
    public const string ThreadChanged = "thread_changed";

    /// <summary>Codex's new thread cannot be resumed: its id is not a UUID, or codex's output does not name it.</summary>
    public const string ThreadUnusable = "thread_unusable";

    /// <summary>The session file could not be used and was moved aside.</summary>
    public const string SessionSetAside = "session_set_aside";

    /// <summary>The session file did not name the agent's own thread, so it was not believed.</summary>
    public const string SessionNotBelieved = "session_not_believed";

    /// <summary>The session file could not be written or moved aside; the agent continues its thread, or a new one, all the same.</summary>
    public const string SessionNotSaved = "session_not_saved";

    /// <summary>Another process is writing to the thread; the turn waits.</summary>
    public const string ThreadBusy = "thread_busy";

    /// <summary>Another process is running a turn of this agent; the turn waits.</summary>
    public const string AgentBusy = "agent_busy";

    /// <summary>No slot for another codex has been free for a while; the turn waits for one.</summary>
    public const string WaitingForSlot = "waiting_for_slot";

    /// <summary>Codex has not begun the turn for a while; the message says what it seems to wait for.</summary>
    public const string Waiting = "waiting";

    /// <summary>The workspace, which was there before, was gone; the turn works in a new, empty directory.</summary>
    public const string WorkspaceMadeAnew = "workspace_made_anew";

    /// <summary>The workspace is another directory than the one that was there before.</summary>
    public const string WorkspaceReplaced = "workspace_replaced";

    /// <summary>The turn takes its agent to another workspace than the one on record.</summary>
    public const string WorkspaceChanged = "workspace_changed";

    /// <summary>The turn takes its agent to where another agent works.</summary>
    public const string WorkspaceShared = "workspace_shared";

    /// <summary>The session file is new in a git work tree and could not be hidden from git.</summary>
    public const string SessionFileInGit = "session_file_in_git";

    /// <summary>The usage of this turn cannot be computed from the thread's total.</summary>
    public const string UsageUnknown = "usage_unknown";

    /// <summary>A line of codex's output was too long and was skipped.</summary>
    public const string LineTooLong = "line_too_long";

    /// <summary>A line of codex's output was not a known event and was skipped.</summary>
    public const string LineUnreadable = "line_unreadable";

    /// <summary>Codex finished the turn, but had not exited when it was stopped. The turn is done.</summary>
    public const string DidNotExit = "did_not_exit";

    /// <summary>Codex finished the turn and then exited with an error or was killed. The turn is done.</summary>
    public const string BadExit = "bad_exit";

    /// <summary>Codex's last message could not be read from its output and was taken from its record of the thread.</summary>
    public const string AnswerRecovered = "answer_recovered";

    /// <summary>Codex ended the turn without a message after its work; its last message, if any, is no answer.</summary>
    public const string NoFinalMessage = "no_final_message";

    /// <summary>Codex recorded the account's limits in a form that is not known; they are left out in part or whole.</summary>
    public const string RateLimitsUnreadable = "rate_limits_unreadable";

    /// <summary>
    /// Codex threw away a message that it had begun to write, as it does when a turn is steered. The text of the notice's item is not in
    /// the thread.
    /// </summary>
    public const string TextDiscarded = "text_discarded";

    /// <summary>Nobody answered a question of codex in time, so it was declined.</summary>
    public const string ApprovalExpired = "approval_expired";

    /// <summary>A sub-agent of the turn asked something, which was declined. Once a turn.</summary>
    public const string SubAgentDeclined = "sub_agent_declined";

    /// <summary>Processes that the turn's commands started have outlived codex.</summary>
    public const string Survivors = "survivors";

    /// <summary>The thread's rollout cannot be used; the tool calls of the turn are unknown.</summary>
    public const string RolloutUnreadable = "rollout_unreadable";

    /// <summary>The thread's rollout has become large, which slows down every turn.</summary>
    public const string RolloutLarge = "rollout_large";

    /// <summary>codex continued the thread from a part of its rollout; a whole copy is beside it.</summary>
    public const string RolloutPartial = "rollout_partial";

    /// <summary>The turn added a line to the rollout that is too long to be read.</summary>
    public const string RolloutLineTooLong = "rollout_line_too_long";

    /// <summary>The turn has more tool calls than are reported.</summary>
    public const string ToolCallsLeftOut = "tool_calls_left_out";

    /// <summary>The host's tools could not be made available; the turn continues with codex's own.</summary>
    public const string ToolsUnavailable = "tools_unavailable";

    /// <summary>The thread that the turn continues keeps the developer instructions that it began with, and the turn has others.</summary>
    public const string DeveloperInstructionsKept = "developer_instructions_kept";

    /// <summary>The turn's sandbox takes the place of what the user's configuration of codex says. Once per thread.</summary>
    public const string SandboxOverridden = "sandbox_overridden";

    /// <summary>Whether the notice derives from codex's output alone; the others are this program's own.</summary>
    internal static bool IsFromOutput(string code) =>
        code
            is Reconnecting
                or ModelMetadata
                or CodexWarning
                or CodexError
                or ThreadChanged
                or ThreadUnusable
                or TextDiscarded
                or LineTooLong
                or LineUnreadable;
}
