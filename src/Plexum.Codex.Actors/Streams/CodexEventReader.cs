using Plexum.Codex.Turns;

namespace Plexum.Codex.Streams;

/// <summary>
/// Decodes one line of <c>codex exec --json</c>, in one pass and without allocation. A line is left as soon as it is known to be
/// of no interest, so what follows there is not checked.
/// </summary>
internal static class CodexEventReader
{
    public static CodexEvent Read(ReadOnlySpan<byte> line)
    {
        CodexEvent e = default;
        var cursor = new JsonCursor(line);
        return ReadEvent(ref cursor, line, ref e) ? e : default;
    }

    private static bool ReadEvent(ref JsonCursor cursor, ReadOnlySpan<byte> line, ref CodexEvent e)
    {
        if (!cursor.EnterObject())
        {
            return false;
        }

        while (cursor.NextMember(out var name))
        {
            if (name.Is("type"u8))
            {
                if (TakeText(ref cursor, default) is { Raw.IsEmpty: false } type)
                {
                    e.Type = CodexNames.EventTypeOf(type.Raw);
                    if (e.Type is CodexEventType.Unknown or CodexEventType.TurnStarted)
                    {
                        e.UnknownType = type;
                        return true;
                    }
                }
            }
            else if (name.Is("item"u8))
            {
                if (!ReadItem(ref cursor, line, ref e))
                {
                    return true;
                }
            }
            else if (name.Is("message"u8))
            {
                e.Message = TakeText(ref cursor, e.Message);
            }
            else if (name.Is("error"u8))
            {
                ReadError(ref cursor, ref e);
            }
            else if (name.Is("usage"u8))
            {
                ReadUsage(ref cursor, ref e);
            }
            else if (name.Is("thread_id"u8))
            {
                e.ThreadId = TakeText(ref cursor, e.ThreadId);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return cursor.AtEnd();
    }

    /// <summary>False when the event is known, the item's type is not, and so its rest was not read.</summary>
    private static bool ReadItem(ref JsonCursor cursor, ReadOnlySpan<byte> line, ref CodexEvent e)
    {
        if (cursor.Peek() != (byte)'{')
        {
            cursor.SkipValue();
            return true;
        }

        var start = cursor.Position;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("type"u8))
            {
                var type = TakeText(ref cursor, default);
                e.ItemType = CodexNames.ItemTypeOf(type.Raw);
                if (e.ItemType == CodexItemType.Unknown && !type.IsEmpty)
                {
                    e.UnknownType = type;
                    if (e.Type != CodexEventType.Unreadable)
                    {
                        return false;
                    }
                }
            }
            else if (name.Is("text"u8))
            {
                e.Text = TakeText(ref cursor, e.Text);
            }
            else if (name.Is("message"u8))
            {
                e.Message = TakeText(ref cursor, e.Message);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        e.Item = line[start..cursor.Position];
        return true;
    }

    /// <summary><c>{"error":{"message":"…"}}</c>; the event's own message goes before it.</summary>
    private static void ReadError(ref JsonCursor cursor, ref CodexEvent e)
    {
        if (cursor.Peek() != (byte)'{')
        {
            var text = TakeText(ref cursor, default);
            e.Message = e.Message.IsEmpty ? text : e.Message;
            return;
        }

        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("message"u8) && e.Message.IsEmpty)
            {
                e.Message = TakeText(ref cursor, default);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }

    private static void ReadUsage(ref JsonCursor cursor, ref CodexEvent e)
    {
        if (cursor.Peek() != (byte)'{')
        {
            cursor.SkipValue();
            return;
        }

        long input = 0, output = 0, cached = 0, reasoning = 0;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("input_tokens"u8))
            {
                cursor.TakeCount(out input);
            }
            else if (name.Is("output_tokens"u8))
            {
                cursor.TakeCount(out output);
            }
            else if (name.Is("cached_input_tokens"u8))
            {
                cursor.TakeCount(out cached);
            }
            else if (name.Is("reasoning_output_tokens"u8))
            {
                cursor.TakeCount(out reasoning);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        e.Usage = new Usage(input, output, cached, reasoning);
        e.HasUsage = true;
    }

    /// <summary>The next value if it is a string; any other is passed over.</summary>
    private static JsonText TakeText(scoped ref JsonCursor cursor, JsonText before)
    {
        if (cursor.Peek() != (byte)'"')
        {
            cursor.SkipValue();
            return before;
        }

        return cursor.TakeString(out var text) ? text : before;
    }
}
