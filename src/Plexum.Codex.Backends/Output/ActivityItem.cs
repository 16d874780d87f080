using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Plexum.Codex.Events;
using Plexum.Codex.Json;

namespace Plexum.Codex.Output;

/// <summary>
/// Copies an item of codex's into an event of ours. One that is too large (codex was seen to write 6.3 MB for one command) keeps its
/// shape: long strings lose their middle and long lists their end, with a marker in place of what was cut.
/// </summary>
internal static class ActivityItem
{
    /// <summary>An item up to this size is kept unchanged. A shortened one may be up to twice as large.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxStringBytes = 16 * 1024;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonCursor.MaxDepth };

    /// <summary>A copy of the item in valid UTF-8 without line breaks.</summary>
    public static byte[] Capture(ReadOnlySpan<byte> item) =>
        item.Length <= MaxBytes && !item.ContainsAny("\r\n"u8) && Utf8.IsValid(item) ? item.ToArray() : Rewrite(item);

    private static byte[] Rewrite(ReadOnlySpan<byte> item)
    {
        var buffer = new ArrayBufferWriter<byte>(MaxBytes);
        using var json = new Utf8JsonWriter(buffer, CanonicalJson.WriterOptions);
        var reader = new Utf8JsonReader(item, Options);
        while (reader.Read())
        {
            if (json.BytesCommitted + json.BytesPending > MaxBytes && IsValueOfContainer(ref reader))
            {
                LeaveContainer(ref reader, json);
            }

            WriteToken(ref reader, json);
        }

        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static bool IsValueOfContainer(ref Utf8JsonReader reader) =>
        reader.CurrentDepth > 0 && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject);

    /// <summary>Skips the rest of the innermost list or object and stops at its end.</summary>
    private static void LeaveContainer(ref Utf8JsonReader reader, Utf8JsonWriter json)
    {
        // A property's name is written together with its value, so the writer is between two members here.
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            json.WriteString("…"u8, "cut: the item was too large"u8);
        }
        else
        {
            json.WriteStringValue("… cut: the item was too large"u8);
        }

        do
        {
            reader.Skip();
        } while (reader.Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject));
    }

    private static void WriteToken(ref Utf8JsonReader reader, Utf8JsonWriter json)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                json.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                json.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                json.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                json.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                json.WritePropertyName(Shorten(JsonText.Of(in reader)));
                break;
            case JsonTokenType.String:
                json.WriteStringValue(Shorten(JsonText.Of(in reader)));
                break;
            default:
                // Numbers, true, false and null are copied from the line.
                json.WriteRawValue(reader.ValueSpan.Length <= MaxStringBytes ? reader.ValueSpan : "0"u8, skipInputValidation: true);
                break;
        }
    }

    /// <summary>Keeps both ends of a long string: the start of an output says what it is, its end how it went.</summary>
    private static string Shorten(JsonText value)
    {
        var text = value.Decode();
        if (value.Raw.Length <= MaxStringBytes)
        {
            return text;
        }

        // The written form may need as many bytes as the raw one: a NUL is one character and six bytes.
        var half = (int)((long)text.Length * MaxStringBytes / value.Raw.Length / 2);
        var head = half > 0 && char.IsHighSurrogate(text[half - 1]) ? half - 1 : half;
        var tail = text.Length - half;
        tail += tail < text.Length && char.IsLowSurrogate(text[tail]) ? 1 : 0;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{text.AsSpan(0, head)}\n[… {tail - head} characters cut …]\n{text.AsSpan(tail)}"
        );
    }
}
