namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>The names of codex's events and items, most frequent first.</summary>
internal static class CodexNames
{
    public static CodexEventType EventTypeOf(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("item.completed"u8))
        {
            return CodexEventType.ItemCompleted;
        }

        if (name.SequenceEqual("item.started"u8))
        {
            return CodexEventType.ItemStarted;
        }

        if (name.SequenceEqual("item.updated"u8))
        {
            return CodexEventType.ItemUpdated;
        }

        if (name.SequenceEqual("error"u8))
        {
            return CodexEventType.Error;
        }

        if (name.SequenceEqual("turn.started"u8))
        {
            return CodexEventType.TurnStarted;
        }

        if (name.SequenceEqual("turn.completed"u8))
        {
            return CodexEventType.TurnCompleted;
        }

        if (name.SequenceEqual("turn.failed"u8))
        {
            return CodexEventType.TurnFailed;
        }

        return name.SequenceEqual("thread.started"u8) ? CodexEventType.ThreadStarted : CodexEventType.Unknown;
    }

    public static CodexItemType ItemTypeOf(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("agent_message"u8))
        {
            return CodexItemType.AgentMessage;
        }

        if (name.SequenceEqual("reasoning"u8))
        {
            return CodexItemType.Reasoning;
        }

        if (name.SequenceEqual("error"u8))
        {
            return CodexItemType.Error;
        }

        if (name.SequenceEqual("todo_list"u8) || name.SequenceEqual("plan"u8))
        {
            return CodexItemType.Plan;
        }

        return
            name.SequenceEqual("command_execution"u8)
            || name.SequenceEqual("mcp_tool_call"u8)
            || name.SequenceEqual("file_change"u8)
            || name.SequenceEqual("web_search"u8)
            || name.SequenceEqual("collab_tool_call"u8)
            ? CodexItemType.Activity
            : CodexItemType.Unknown;
    }
}
