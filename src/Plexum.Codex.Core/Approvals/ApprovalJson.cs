using System.Buffers;
using System.Text.Json;

namespace Plexum.Codex.Approvals;

/// <summary>A question of codex as fields of a JSON object: <c>{"id":"q-…","kind":"command","command":"…","cwd":"…"}</c>.</summary>
public static class ApprovalJson
{
    /// <summary>Writes the fields into an object that was begun.</summary>
    public static void Write(Utf8JsonWriter json, ApprovalQuestion question)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(question);
        json.WriteString("id"u8, question.Id.Value);
        json.WriteString("kind"u8, question.Kind.ToWireName());
        WriteText(json, "item"u8, question.Item);
        WriteText(json, "command"u8, question.Command);
        WriteText(json, "cwd"u8, question.Cwd);
        WriteText(json, "reason"u8, question.Reason);
        if (question.Details is { } details)
        {
            json.WritePropertyName("details"u8);
            json.WriteRawValue(details);
        }

        if (question.IsCut)
        {
            json.WriteBoolean("cut"u8, true);
        }
    }

    /// <summary>The question as one object in UTF-8.</summary>
    public static byte[] ToUtf8(ApprovalQuestion question)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            Write(json, question);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads the fields of an object; null if it is no question that this version knows.</summary>
    public static ApprovalQuestion? Read(JsonElement json) =>
        ApprovalId.TryParse(Text(json, "id"), out var id) && ApprovalKinds.TryParse(Text(json, "kind"), out var kind)
            ? new ApprovalQuestion(id, kind)
            {
                Item = Text(json, "item"),
                Command = Text(json, "command"),
                Cwd = Text(json, "cwd"),
                Reason = Text(json, "reason"),
                Details =
                    json.TryGetProperty("details", out var details) && details.ValueKind == JsonValueKind.Object
                        ? details.GetRawText()
                        : null,
                IsCut = json.TryGetProperty("cut", out var cut) && cut.ValueKind == JsonValueKind.True,
            }
            : null;

    /// <summary>Reads an object in UTF-8; null if it is no question that this version knows.</summary>
    public static ApprovalQuestion? Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
