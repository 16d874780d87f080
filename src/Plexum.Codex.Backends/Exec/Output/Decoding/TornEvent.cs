namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>Judges bytes of codex's stdout that are no event.</summary>
internal static class TornEvent
{
    /// <summary>
    /// Whether they may be what is left of an agent's message. Codex begins each event with its type, and an item with its id and its
    /// type (measured on 0.169.0 and 0.171.0), so a torn one either still names the type of its item or is cut off before that.
    /// </summary>
    public static bool MayBeMessage(ReadOnlySpan<byte> bytes)
    {
        var head = "{\"type\":\"item.completed\""u8;
        if (bytes.IndexOf("agent_message"u8) >= 0)
        {
            return true;
        }

        var found = bytes.LastIndexOf(head);
        return found >= 0 ? !NamesItem(bytes[(found + head.Length)..]) : EndsIn(bytes, head);
    }

    private static bool NamesItem(ReadOnlySpan<byte> rest)
    {
        var name = "\"type\":\""u8;
        var found = rest.IndexOf(name);
        return found >= 0 && rest[(found + name.Length)..].Contains((byte)'"');
    }

    // A lone brace says too little.
    private static bool EndsIn(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> head)
    {
        for (var length = head.Length - 1; length > 1; length--)
        {
            if (bytes.EndsWith(head[..length]))
            {
                return true;
            }
        }

        return false;
    }
}
