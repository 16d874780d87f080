using Plexum.Codex.Json;

namespace Plexum.Codex.Rollouts.Rewriting;

/// <summary>
/// The position of a tool call's arguments or output in a line of a rollout:
/// <code>{…,"type":"response_item","payload":{"type":"function_call",…,"arguments":"…","call_id":"call_1",…},…}</code>
/// This covers the output of every kind of call, a string or a list of parts, and the arguments of <c>function_call</c> and the input
/// of <c>custom_tool_call</c> if they are strings. It does not cover the action of <c>local_shell_call</c>, because codex insists on
/// its shape, nor items within <c>compacted</c> records: codex's own compaction keeps no calls in them (measured on 0.169.0), and codex
/// drops a whole record that it cannot use, which brings everything that was compacted back.
/// </summary>
internal readonly ref struct RewritableLine
{
    private RewritableLine(JsonText callId, bool isOutput, Range value, int slotEnd)
    {
        CallId = callId;
        IsOutput = isOutput;
        Value = value;
        SlotEnd = slotEnd;
    }

    public JsonText CallId { get; }

    /// <summary>Whether the value is an output; otherwise it is arguments.</summary>
    public bool IsOutput { get; }

    /// <summary>Where the value is in the line.</summary>
    public Range Value { get; }

    /// <summary>The end of the white space after the value; a new value may use the bytes up to there.</summary>
    public int SlotEnd { get; }

    /// <summary>Whether a line may contain one of the ids, without parsing it. Never false for a line of codex's that does.</summary>
    public static bool MayBeNamed(ReadOnlySpan<byte> line, RewriteRequest request)
    {
        // Quotes inside a string are escaped, so this match is a property name or the end of a string.
        var name = "\"call_id\""u8;
        while (line.IndexOf(name) is >= 0 and var at)
        {
            line = line[(at + name.Length)..].TrimStart(" \t\r"u8);
            if (line is not [(byte)':', ..])
            {
                continue;
            }

            line = line[1..].TrimStart(" \t\r"u8);
            if (line is [(byte)'"', ..] && line[1..].IndexOf((byte)'"') is >= 0 and var end && request.MayName(line.Slice(1, end)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a whole line; false if it belongs to no tool call or is not JSON.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out RewritableLine consumable)
    {
        var json = new JsonCursor(line);
        consumable = default;
        var isItem = false;
        if (!json.EnterObject())
        {
            return false;
        }

        while (json.NextMember(out var name))
        {
            if (name.Is("type"u8) && json.Peek() == (byte)'"')
            {
                isItem = json.TakeString(out var type) && type.Is("response_item"u8);
            }
            else if (name.Is("payload"u8) && json.Peek() == (byte)'{')
            {
                consumable = ReadPayload(ref json, line);
            }
            else
            {
                json.SkipValue();
            }
        }

        return json.AtEnd() && isItem && consumable.SlotEnd > 0;
    }

    private static RewritableLine ReadPayload(scoped ref JsonCursor json, ReadOnlySpan<byte> line)
    {
        JsonText type = default,
            id = default;
        (Range Value, int SlotEnd) arguments = default,
            input = default,
            output = default;
        json.EnterObject();
        while (json.NextMember(out var name))
        {
            if (json.Peek() == (byte)'"' && (name.Is("type"u8) || name.Is("call_id"u8)))
            {
                _ = json.TakeString(out var text);
                if (name.Is("type"u8))
                {
                    type = text;
                }
                else
                {
                    id = text;
                }
            }
            else if (name.Is("arguments"u8))
            {
                arguments = TakeSlot(ref json);
            }
            else if (name.Is("input"u8))
            {
                input = TakeSlot(ref json);
            }
            else if (name.Is("output"u8))
            {
                output = TakeSlot(ref json);
            }
            else
            {
                json.SkipValue();
            }
        }

        var isOutput = type.Is("function_call_output"u8) || type.Is("custom_tool_call_output"u8);
        var (value, slotEnd) =
            isOutput ? output
            : type.Is("function_call"u8) ? arguments
            : type.Is("custom_tool_call"u8) ? input
            : default;
        var isText = slotEnd > 0 && !json.Failed && (line[value][0] == (byte)'"' || (isOutput && line[value][0] == (byte)'['));
        return isText && !id.IsEmpty ? new RewritableLine(id, isOutput, value, slotEnd) : default;
    }

    private static (Range Value, int SlotEnd) TakeSlot(scoped ref JsonCursor json)
    {
        json.Peek();
        var start = json.Position;
        json.SkipValue();
        var end = json.Position;
        json.Peek();
        return (start..end, json.Position);
    }
}
