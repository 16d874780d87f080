using System.Buffers;
using Plexum.Codex.Output;

namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>Judges bytes of codex's stdout that are no event, and events of an unknown shape.</summary>
internal static class TornEvent
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    // Blanks, and the other half of each character in UTF-16.
    private static ReadOnlySpan<byte> Ignored => " \t\r\0"u8;

    /// <summary>
    /// How likely they are what is left of an agent's message. Codex begins each event with its type, and an item with its id and its
    /// type (measured on 0.169.0 and 0.171.0), so a torn one either still names the type of its item or is cut off before that. A program
    /// in between may have written the event anew, with blanks, in another order or in UTF-16.
    /// </summary>
    public static MessageLoss LossOf(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAny(Ignored))
        {
            return LossOfCompact(bytes);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        var loss = LossOfCompact(buffer.AsSpan(0, Compact(bytes, buffer)));
        ArrayPool<byte>.Shared.Return(buffer);
        return loss;
    }

    /// <summary>How likely an event or an item that is not understood is a message of the agent.</summary>
    public static MessageLoss LossOf(in CodexEvent e)
    {
        if (e.Type == CodexEventType.Unknown && e.UnknownType.Is("agent_message"u8))
        {
            return MessageLoss.Certain;
        }

        var isKnown = e.ItemType is not (CodexItemType.Unknown or CodexItemType.AgentMessage);
        var name = e.UnknownType.Raw;
        var isMessage = e.ItemType == CodexItemType.AgentMessage || name.IsEmpty || name.IndexOf("essage"u8) >= 0;
        return e.HasText && !isKnown && isMessage ? MessageLoss.Probable : MessageLoss.Possible;
    }

    private static MessageLoss LossOfCompact(ReadOnlySpan<byte> bytes)
    {
        var head = "{\"type\":\"item.completed\""u8;
        var item = "{\"item\":"u8;
        var found = bytes.LastIndexOf(head);
        var from = found < 0 ? bytes.LastIndexOf(item) : found + head.Length;
        ReadOnlySpan<byte> name = from < 0 ? [] : NameOfItem(bytes[from..]);
        if (found >= 0 && name.SequenceEqual("agent_message"u8))
        {
            return MessageLoss.Certain;
        }

        var isCutOff = from < 0 ? EndsIn(bytes, head) || EndsIn(bytes, item) : !IsName(name);
        return isCutOff || IsTail(bytes) || bytes.IndexOf("agent_message"u8) >= 0 ? MessageLoss.Probable : MessageLoss.None;
    }

    // Another program's bytes may stand in the midst of a name.
    private static bool IsName(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(NameBytes);

    // The end of an item that is cut off at its beginning, in the midst of its name.
    private static bool IsTail(ReadOnlySpan<byte> bytes) =>
        bytes is not [(byte)'{', ..] && bytes.EndsWith("\"}}"u8) && bytes.IndexOf("\"text\":\""u8) >= 0;

    private static int Compact(ReadOnlySpan<byte> bytes, Span<byte> compact)
    {
        var length = 0;
        foreach (var value in bytes)
        {
            if (!Ignored.Contains(value))
            {
                compact[length++] = value;
            }
        }

        return length;
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
