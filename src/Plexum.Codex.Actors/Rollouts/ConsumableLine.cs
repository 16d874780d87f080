using Plexum.Codex.Streams;

namespace Plexum.Codex.Rollouts;

/// <summary>
/// The place in a line of a rollout where a tool call has its arguments or its output:
/// <code>{…,"type":"response_item","payload":{"type":"function_call",…,"arguments":"…","call_id":"call_1",…},…}</code>
/// The output of every kind of call, be it a string or a list of parts; the arguments of <c>function_call</c> and the input of
/// <c>custom_tool_call</c>, where they are strings. The action of <c>local_shell_call</c> has a shape that codex insists on, so it is none.
/// Nor are items within <c>compacted</c> records: codex's own compaction keeps no calls in them (measured on 0.169.0), and drops the
/// whole record when one does not suit it, so that all that was compacted comes back.
/// </summary>
internal readonly ref struct ConsumableLine
{
    private ConsumableLine(JsonText callId, bool isOutput, Range value, int slotEnd)
    {
        CallId = callId;
        IsOutput = isOutput;
        Value = value;
        SlotEnd = slotEnd;
    }

    public JsonText CallId { get; }

    /// <summary>Whether it is an output; otherwise arguments.</summary>
    public bool IsOutput { get; }

    /// <summary>The value.</summary>
    public Range Value { get; }

    /// <summary>The end of the white space behind the value: the bytes up to there may be used.</summary>
    public int SlotEnd { get; }

    /// <summary>Whether a line may be about one of the ids: decided without reading it as JSON, and never wrongly denied for what codex writes.</summary>
    public static bool MayBeNamed(ReadOnlySpan<byte> line, ConsumeRequest request)
    {
        // Inside a string every quote has a backslash before it, so the name in its quotes is a name or the end of a string.
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

    /// <summary>Reads a whole line; false when it is none of a tool call, or no JSON.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out ConsumableLine consumable)
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

    private static ConsumableLine ReadPayload(scoped ref JsonCursor json, ReadOnlySpan<byte> line)
    {
        JsonText type = default, id = default;
        (Range Value, int SlotEnd) arguments = default, input = default, output = default;
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
        var (value, slotEnd) = isOutput ? output : type.Is("function_call"u8) ? arguments : type.Is("custom_tool_call"u8) ? input : default;
        var isText = slotEnd > 0 && !json.Failed && (line[value][0] == (byte)'"' || (isOutput && line[value][0] == (byte)'['));
        return isText && !id.IsEmpty ? new ConsumableLine(id, isOutput, value, slotEnd) : default;
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
