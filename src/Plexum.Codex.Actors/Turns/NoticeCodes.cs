namespace Plexum.Codex.Turns;

/// <summary>The codes of <see cref="CanonicalEvent.Notice"/>. Readers must expect more of them.</summary>
public static class NoticeCodes
{
    /// <summary>codex lost its connection and tries again.</summary>
    public const string Reconnecting = "reconnecting";

    /// <summary>codex does not know the model and works with defaults.</summary>
    public const string ModelMetadata = "model_metadata";

    /// <summary>An item of type <c>error</c>: a warning of codex's.</summary>
    public const string CodexWarning = "codex_warning";

    /// <summary>A top-level <c>error</c> of codex's. The turn may still end well.</summary>
    public const string CodexError = "codex_error";

    /// <summary>The thread is unknown to codex; a new one was begun and the context is lost.</summary>
    public const string ThreadLost = "thread_lost";

    /// <summary>codex went on in another thread than the one it was asked to resume.</summary>
    public const string ThreadChanged = "thread_changed";

    /// <summary>codex named a thread that is no UUID; it cannot be resumed.</summary>
    public const string ThreadUnusable = "thread_unusable";

    /// <summary>The session file could not be used and was moved aside.</summary>
    public const string SessionSetAside = "session_set_aside";

    /// <summary>The session file could not be written; the next turn starts a new thread.</summary>
    public const string SessionNotSaved = "session_not_saved";

    /// <summary>Another process writes to the thread; the turn waits.</summary>
    public const string ThreadBusy = "thread_busy";

    /// <summary>Another process runs a turn of this agent; the turn waits.</summary>
    public const string AgentBusy = "agent_busy";

    /// <summary>The usage of this turn cannot be told from the thread's total.</summary>
    public const string UsageUnknown = "usage_unknown";

    /// <summary>A line of codex's output was too long and was skipped.</summary>
    public const string LineTooLong = "line_too_long";

    /// <summary>A line of codex's output is none of its events and was passed over.</summary>
    public const string LineUnreadable = "line_unreadable";

    /// <summary>codex finished the turn, did not exit and was stopped.</summary>
    public const string DidNotExit = "did_not_exit";

    /// <summary>Processes that codex started outlive it.</summary>
    public const string Survivors = "survivors";

    /// <summary>The rollout of the thread cannot be used; the tool calls of the turn are not known.</summary>
    public const string RolloutUnreadable = "rollout_unreadable";

    /// <summary>The rollout of the thread has become large, which costs time at every turn.</summary>
    public const string RolloutLarge = "rollout_large";

    /// <summary>The turn has added a line to the rollout that is too long to be read.</summary>
    public const string RolloutLineTooLong = "rollout_line_too_long";

    /// <summary>The turn has more tool calls than are told.</summary>
    public const string ToolCallsLeftOut = "tool_calls_left_out";

    /// <summary>The host's tools could not be made reachable; the turn goes on with codex's own.</summary>
    public const string ToolsUnavailable = "tools_unavailable";

    /// <summary>codex's stderr was cut to its limit.</summary>
    public const string StderrCut = "stderr_cut";

    /// <summary>Whether the notice is made from codex's output alone; the others are this program's own.</summary>
    internal static bool IsFromOutput(string code) => code is
        Reconnecting or ModelMetadata or CodexWarning or CodexError or ThreadChanged or ThreadUnusable or LineTooLong or LineUnreadable;
}
