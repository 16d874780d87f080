using Plexum.Codex.Approvals;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Events;

/// <summary>
/// What a host reads of a turn, in this order: one <see cref="MessageStart"/>; a <see cref="Notice"/> for
/// each wait before codex runs; while it runs, <see cref="TextDelta"/>,
/// <see cref="ThinkingDelta"/>, <see cref="Activity"/>, <see cref="Steer"/>, <see cref="ApprovalRequest"/>,
/// <see cref="ApprovalAnswer"/> and <see cref="Notice"/>, and with app-server <see cref="ToolCall"/> and <see cref="ToolResult"/>; once
/// codex is done, the tool calls and results that are not there yet, and a <see cref="TextDelta"/> whose text had to be taken from codex's
/// record; at most one <see cref="Error"/>; and always, last and exactly once, <see cref="MessageEnd"/>.
/// </summary>
public abstract record CanonicalEvent
{
    private CanonicalEvent() { }

    /// <summary>The turn has started.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="AgentId">Its agent.</param>
    /// <param name="Resumed">Whether it continues an earlier thread.</param>
    public sealed record MessageStart(TurnId TurnId, AgentId AgentId, bool Resumed) : CanonicalEvent
    {
        /// <summary>What runs the turn; null if it was not known yet, or if the turn never ran.</summary>
        public BackendKind? Backend { get; init; }

        /// <summary>Why it is <c>codex exec</c> although the choice was open, as a sentence; null if there is nothing to say.</summary>
        public string? BackendReason { get; init; }
    }

    /// <summary>Text of the answer; with <c>codex exec</c>, a whole agent message.</summary>
    /// <param name="Text">The text.</param>
    public sealed record TextDelta(string Text) : CanonicalEvent
    {
        /// <summary>
        /// Codex's id of the message. The texts of one item, one after the other, are the message. Null if the text is a whole message.
        /// </summary>
        public string? Item { get; init; }
    }

    /// <summary>Reasoning of the model.</summary>
    /// <param name="Text">The text.</param>
    public sealed record ThinkingDelta(string Text) : CanonicalEvent
    {
        /// <summary>Codex's id of the reasoning, of which this text is a part. Null if the text is the whole.</summary>
        public string? Item { get; init; }
    }

    /// <summary>Something the model does: a command, a file change, an MCP call, a plan, a search.</summary>
    /// <param name="Item">Codex's item: a JSON object in UTF-8 on one line. If it is too large, it is shortened and marked.</param>
    /// <param name="Phase">Its phase.</param>
    public sealed record Activity(ReadOnlyMemory<byte> Item, ActivityPhase Phase) : CanonicalEvent;

    /// <summary>Something worth knowing that is not a failure.</summary>
    /// <param name="Code">One of <see cref="NoticeCodes"/>.</param>
    /// <param name="Message">A sentence.</param>
    public sealed record Notice(string Code, string Message) : CanonicalEvent
    {
        /// <summary>Codex's id of the message or reasoning that it is about; null if it is about none.</summary>
        public string? Item { get; init; }
    }

    /// <summary>Codex asks something and waits for the answer.</summary>
    /// <param name="Question">The question.</param>
    /// <param name="ExpiresAt">When it is declined if nobody has answered.</param>
    public sealed record ApprovalRequest(ApprovalQuestion Question, DateTimeOffset ExpiresAt) : CanonicalEvent;

    /// <summary>A question of codex is answered, or needs no answer any more. What was written in the answer is left out.</summary>
    /// <param name="Id">The question of an <see cref="ApprovalRequest"/> before it.</param>
    /// <param name="Decision">What was decided.</param>
    /// <param name="By">Who decided; one of <see cref="ApprovalAnswerers"/>.</param>
    public sealed record ApprovalAnswer(ApprovalId Id, ApprovalDecision Decision, string By) : CanonicalEvent;

    /// <summary>Somebody said something to the turn while it ran. It stands where codex's answer came.</summary>
    /// <param name="Text">What was said.</param>
    /// <param name="By">Who said it: <c>owner</c>, <c>token:</c> with its name, or <c>turn</c> for a process of a turn.</param>
    public sealed record Steer(string Text, string By) : CanonicalEvent
    {
        /// <summary>Whether it is unknown if the model sees it, since codex's answer did not come.</summary>
        public bool IsUncertain { get; init; }
    }

    /// <summary>A finished tool call, as codex recorded it: with app-server told while the turn runs, else once codex has exited.</summary>
    /// <param name="Id">Codex's <c>call_…</c> id.</param>
    /// <param name="Name">The tool.</param>
    /// <param name="Namespace">The MCP server's namespace, or null for codex's own tools.</param>
    /// <param name="Arguments">
    /// The arguments: codex's JSON text, or, for a custom tool, its plain-text input. Text that is too long is cut, with a mark at
    /// its end.
    /// </param>
    public sealed record ToolCall(string Id, string Name, string? Namespace, string Arguments) : CanonicalEvent;

    /// <summary>The result of the <see cref="ToolCall"/> right before it.</summary>
    /// <param name="Id">The call's id.</param>
    /// <param name="Output">The output as text. Text that is too long is cut, with a mark at its end.</param>
    /// <param name="IsError">Whether codex reports that the tool failed.</param>
    public sealed record ToolResult(string Id, string Output, bool IsError) : CanonicalEvent;

    /// <summary>The turn failed.</summary>
    /// <param name="Code">A stable code for programs, for example <c>usage_limit_exceeded</c>.</param>
    /// <param name="Message">What happened and what to do.</param>
    /// <param name="Class">What kind of failure it was.</param>
    /// <param name="ResetsAt">When the limit is lifted, if codex knows.</param>
    /// <param name="Retryable">Whether the same turn may succeed later without any change.</param>
    public sealed record Error(string Code, string Message, TurnErrorClass Class, DateTimeOffset? ResetsAt, bool Retryable)
        : CanonicalEvent;

    /// <summary>The turn is over.</summary>
    /// <param name="StopReason">How it ended.</param>
    /// <param name="Usage">Tokens of this turn; zero if codex reported none.</param>
    /// <param name="ThreadUsage">Tokens of the thread since its start, as far as known.</param>
    /// <param name="ThreadId">The thread that the next turn continues; null if none was started.</param>
    /// <param name="Duration">From start to end.</param>
    /// <param name="RateLimits">How much of the account's allowance was used at the end; null if codex did not say.</param>
    public sealed record MessageEnd(
        StopReason StopReason,
        Usage Usage,
        Usage ThreadUsage,
        ThreadId? ThreadId,
        TimeSpan Duration,
        RateLimits? RateLimits = null
    ) : CanonicalEvent;
}
