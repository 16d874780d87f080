using Plexum.Codex.Json;
using Plexum.Codex.Rollouts.Reading;

namespace Plexum.Codex.Exec.Output;

/// <summary>
/// Decodes one line of <c>codex exec --json</c> in one pass and without allocation. It stops at the first sign that a line does not
/// matter, so the rest of such a line is not checked.
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
                if (cursor.TakeTextOr(default) is { Raw.IsEmpty: false } type)
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
                e.Message = cursor.TakeTextOr(e.Message);
            }
            else if (name.Is("error"u8))
            {
                ReadError(ref cursor, ref e);
            }
            else if (name.Is("usage"u8))
            {
                e.HasUsage |= TokenCounts.TryRead(ref cursor, ref e.Usage);
            }
            else if (name.Is("thread_id"u8))
            {
                e.ThreadId = cursor.TakeTextOr(e.ThreadId);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return cursor.AtEnd();
    }

    /// <summary>False if the event is known but the item's type is not; the rest is then unread.</summary>
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
                var type = cursor.TakeTextOr(default);
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
                e.Text = cursor.TakeTextOr(e.Text);
            }
            else if (name.Is("message"u8))
            {
                e.Message = cursor.TakeTextOr(e.Message);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        e.Item = line[start..cursor.Position];
        return true;
    }

    /// <summary><c>{"error":{"message":"…"}}</c>; the event's own message takes precedence.</summary>
    private static void ReadError(ref JsonCursor cursor, ref CodexEvent e)
    {
        if (cursor.Peek() != (byte)'{')
        {
            var text = cursor.TakeTextOr(default);
            e.Message = e.Message.IsEmpty ? text : e.Message;
            return;
        }

        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("message"u8) && e.Message.IsEmpty)
            {
                e.Message = cursor.TakeTextOr(default);
            }
            else
            {
                cursor.SkipValue();
            }
        }
    }
}
