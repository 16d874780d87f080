namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>Judges bytes of codex's stdout that are no event.</summary>
internal static class TornEvent
{
    /// <summary>
    /// How likely they are what is left of an agent's message. Codex begins each event with its type, and an item with its id and its
    /// type (measured on 0.169.0 and 0.171.0), so a torn one either still names the type of its item or is cut off before that.
    /// </summary>
    public static MessageLoss LossOf(ReadOnlySpan<byte> bytes)
    {
        var head = "{\"type\":\"item.completed\""u8;
        var found = bytes.LastIndexOf(head);
        ReadOnlySpan<byte> item = found < 0 ? [] : NameOfItem(bytes[(found + head.Length)..]);
        if (item.SequenceEqual("agent_message"u8))
        {
            return MessageLoss.Certain;
        }

        var isCutOff = found < 0 ? EndsIn(bytes, head) : item.IsEmpty;
        return isCutOff || bytes.IndexOf("agent_message"u8) >= 0 ? MessageLoss.Probable : MessageLoss.None;
    }

    private static ReadOnlySpan<byte> NameOfItem(ReadOnlySpan<byte> rest)
    {
        var name = "\"type\":\""u8;
        var found = rest.IndexOf(name);
        rest = found < 0 ? [] : rest[(found + name.Length)..];
        var end = rest.IndexOf((byte)'"');
        return end < 0 ? [] : rest[..end];
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
