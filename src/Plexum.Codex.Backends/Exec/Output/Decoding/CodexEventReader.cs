using Plexum.Codex.Json;
using Plexum.Codex.Rollouts.Reading;

namespace Plexum.Codex.Exec.Output.Decoding;

/// <summary>Decodes an event of <c>codex exec --json</c> in one pass and without allocation.</summary>
internal static class CodexEventReader
{
    /// <summary>Reads the JSON object with which a text begins. What follows it is not looked at.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">How many bytes the object takes; if it is not whole, about how many of them are JSON.</param>
    /// <param name="isWhole">Whether the text begins with a whole object.</param>
    /// <returns>The event; <see cref="CodexEventType.Unreadable"/> for an object that is none.</returns>
    public static CodexEvent Read(ReadOnlySpan<byte> text, out int length, out bool isWhole)
    {
        CodexEvent e = default;
        var cursor = new JsonCursor(text);
        ReadEvent(ref cursor, text, ref e);
        isWhole = !cursor.Failed;
        length = isWhole ? cursor.Position : cursor.FailedAt;
        return isWhole ? e : default;
    }

    private static void ReadEvent(ref JsonCursor cursor, ReadOnlySpan<byte> text, ref CodexEvent e)
    {
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("type"u8))
            {
                if (cursor.TakeTextOr(default) is { Raw.IsEmpty: false } type)
                {
                    e.Type = CodexNames.EventTypeOf(type.Raw);
                    e.UnknownType = e.Type == CodexEventType.Unknown ? type : e.UnknownType;
                }
            }
            else if (name.Is("item"u8))
            {
                ReadItem(ref cursor, text, ref e);
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
    }

    private static void ReadItem(ref JsonCursor cursor, ReadOnlySpan<byte> text, ref CodexEvent e)
    {
        if (cursor.Peek() != (byte)'{')
        {
            cursor.SkipValue();
            return;
        }

        var start = cursor.Position;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("type"u8))
            {
                var type = cursor.TakeTextOr(default);
                e.ItemType = CodexNames.ItemTypeOf(type.Raw);
                if (e.ItemType == CodexItemType.Unknown && e.Type != CodexEventType.Unknown && !type.IsEmpty)
                {
                    e.UnknownType = type;
                }
            }
            else if (name.Is("id"u8))
            {
                e.ItemId = cursor.TakeTextOr(e.ItemId);
            }
            else if (name.Is("text"u8))
            {
                e.HasText = cursor.Peek() == (byte)'"';
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

        e.Item = text[start..cursor.Position];
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
