using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>The events of <c>codex exec --json</c> (0.169.0, and its source's <c>exec_events.rs</c>).</summary>
internal enum CodexEventType : byte
{
    /// <summary>Not a JSON object, or one without a type.</summary>
    Unreadable,

    /// <summary>A type unknown to this version; every release of codex adds some.</summary>
    Unknown,
    ThreadStarted,
    TurnStarted,
    TurnCompleted,
    TurnFailed,
    Error,
    ItemStarted,
    ItemUpdated,
    ItemCompleted,
}

internal enum CodexItemType : byte
{
    Unknown,
    AgentMessage,
    Reasoning,
    Error,

    /// <summary>Work: a command, file change, MCP or collaboration call, or search.</summary>
    Activity,

    /// <summary>A plan or a list of steps, which says what is to be done and does nothing.</summary>
    Plan,
}

/// <summary>The relevant fields of one event. The spans point into the line.</summary>
internal ref struct CodexEvent
{
    public CodexEventType Type;
    public CodexItemType ItemType;

    /// <summary>The name of an unknown event or item type.</summary>
    public JsonText UnknownType;

    /// <summary>The whole item.</summary>
    public ReadOnlySpan<byte> Item;

    public JsonText ItemId;

    /// <summary>The item's text.</summary>
    public JsonText Text;

    /// <summary>Whether the item's text is there and is a string.</summary>
    public bool HasText;

    /// <summary>The message of an error, a failure or an item of type error.</summary>
    public JsonText Message;

    public JsonText ThreadId;

    public Usage Usage;

    public bool HasUsage;
}
