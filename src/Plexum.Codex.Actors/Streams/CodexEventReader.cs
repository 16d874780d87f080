using System.Text.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Streams;

/// <summary>
/// Decodes one line of <c>codex exec --json</c>, in one pass and without allocation. A line is left as soon as it is known to be
/// of no interest, so what follows there is not checked.
/// </summary>
internal static class CodexEventReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    public static CodexEvent Read(ReadOnlySpan<byte> line)
    {
        CodexEvent e = default;

        // Plain text on stdout must not cost an exception a line.
        if (line.TrimStart(" \t\r"u8) is not [(byte)'{', ..])
        {
            return e;
        }

        try
        {
            var reader = new Utf8JsonReader(line, Options);
            reader.Read();
            ReadEvent(ref reader, line, ref e);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Not JSON, or a name with half a surrogate pair in it.
            e = default;
        }

        return e;
    }

    private static void ReadEvent(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ref CodexEvent e)
    {
        var hasType = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    hasType = true;
                    e.Type = CodexNames.EventTypeOf(reader.ValueSpan);
                    if (e.Type is CodexEventType.Unknown or CodexEventType.TurnStarted)
                    {
                        e.UnknownType = JsonText.Of(in reader);
                        return;
                    }
                }
            }
            else if (reader.ValueTextEquals("item"u8))
            {
                if (!TryReadItem(ref reader, line, ref e) && hasType)
                {
                    return;
                }
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                e.Message = ReadText(ref reader, e.Message);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                ReadError(ref reader, ref e);
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                ReadUsage(ref reader, ref e);
            }
            else if (reader.ValueTextEquals("thread_id"u8))
            {
                e.ThreadId = ReadText(ref reader, e.ThreadId);
            }
            else
            {
                reader.Skip();
            }
        }

        // Anything after the object throws here.
        reader.Read();
    }

    /// <summary>False when the item's type is unknown, and then its rest was not read.</summary>
    private static bool TryReadItem(ref Utf8JsonReader reader, ReadOnlySpan<byte> line, ref CodexEvent e)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return true;
        }

        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    e.ItemType = CodexNames.ItemTypeOf(reader.ValueSpan);
                    if (e.ItemType == CodexItemType.Unknown)
                    {
                        e.UnknownType = JsonText.Of(in reader);
                        if (e.Type != CodexEventType.Unreadable)
                        {
                            return false;
                        }
                    }
                }
            }
            else if (reader.ValueTextEquals("text"u8))
            {
                e.Text = ReadText(ref reader, e.Text);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                e.Message = ReadText(ref reader, e.Message);
            }
            else
            {
                reader.Skip();
            }
        }

        e.Item = line[start..(int)reader.BytesConsumed];
        return true;
    }

    /// <summary><c>{"error":{"message":"…"}}</c>; the event's own message goes before it.</summary>
    private static void ReadError(ref Utf8JsonReader reader, ref CodexEvent e)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && e.Message.IsEmpty)
        {
            e.Message = JsonText.Of(in reader);
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("message"u8) && e.Message.IsEmpty)
            {
                e.Message = ReadText(ref reader, default);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadUsage(ref Utf8JsonReader reader, ref CodexEvent e)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        long input = 0, output = 0, cached = 0, reasoning = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("input_tokens"u8))
            {
                input = ReadNumber(ref reader);
            }
            else if (reader.ValueTextEquals("output_tokens"u8))
            {
                output = ReadNumber(ref reader);
            }
            else if (reader.ValueTextEquals("cached_input_tokens"u8))
            {
                cached = ReadNumber(ref reader);
            }
            else if (reader.ValueTextEquals("reasoning_output_tokens"u8))
            {
                reasoning = ReadNumber(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        e.Usage = new Usage(input, output, cached, reasoning);
        e.HasUsage = true;
    }

    private static long ReadNumber(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= 0)
        {
            return number;
        }

        reader.Skip();
        return 0;
    }

    private static JsonText ReadText(scoped ref Utf8JsonReader reader, JsonText before)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return JsonText.Of(in reader);
        }

        reader.Skip();
        return before;
    }
}
