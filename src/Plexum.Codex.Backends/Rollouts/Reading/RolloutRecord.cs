using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

internal enum RolloutRecordKind : byte
{
    /// <summary>A record of another type, or not a record.</summary>
    Other,

    /// <summary><c>function_call</c>, <c>custom_tool_call</c> or <c>local_shell_call</c>.</summary>
    Call,

    /// <summary><c>function_call_output</c> or <c>custom_tool_call_output</c>.</summary>
    Output,

    /// <summary><c>item_completed</c>: the result of a command or of a call of an MCP or dynamic tool.</summary>
    Item,

    /// <summary><c>token_count</c>.</summary>
    Tokens,

    /// <summary>The end of one of codex's turns, or an error in it.</summary>
    End,

    /// <summary>A message of the agent.</summary>
    Message,
}

/// <summary>The relevant fields of one record of a rollout. The spans point into the line.</summary>
internal ref struct RolloutRecord
{
    public RolloutRecordKind Kind;

    /// <summary>The id that joins a call, its output and its item.</summary>
    public JsonText CallId;

    public JsonText Name;

    public JsonText Namespace;

    /// <summary>A call's arguments; for an old shell call, its action as JSON.</summary>
    public JsonText Arguments;

    /// <summary>An output as JSON: a string, a list of parts, or an object (old versions) with <c>content</c> and <c>success</c>.</summary>
    public ReadOnlySpan<byte> Output;

    /// <summary>Whether an item says that its call failed.</summary>
    public bool Failed;

    /// <summary>The name in <c>codex_error_info</c>; empty when there was no error.</summary>
    public JsonText ErrorName;

    /// <summary>The HTTP status that an error names, or 0.</summary>
    public long ErrorStatus;

    public Usage Usage;

    public bool HasUsage;

    public RateLimits? RateLimits;

    /// <summary>The name of a field of the rate limits that could not be read, or null.</summary>
    public string? RateLimitProblem;

    /// <summary>Whether it is a <c>token_count</c> that is no JSON, because of a bare <c>NaN</c>, say, or because it is torn.</summary>
    public bool IsUnreadableCount;

    /// <summary>Whether it is torn, or no JSON at all, and what is left does not rule out that it was a message.</summary>
    public bool MayBeMessage;

    /// <summary>The raw time of the record.</summary>
    public ReadOnlySpan<byte> Written;

    /// <summary>A message as JSON: a string, or a list of parts.</summary>
    public ReadOnlySpan<byte> Message;

    /// <summary>codex's label of a message, or empty.</summary>
    public JsonText Phase;

    /// <summary>Whether it is the end of codex's turn and not just an error.</summary>
    public bool IsTurnEnd;

    /// <summary>The answer with which codex's turn ended, as JSON: a string, or <c>null</c> for none; empty if not recorded.</summary>
    public ReadOnlySpan<byte> Answer;
}
