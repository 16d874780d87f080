using System.Collections.Immutable;
using System.Text.Json;
using Plexum.Codex.Client;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Streams;

/// <summary>Writes the params and results of Plexum's methods, and reads a tool's answer. The shapes are our own guess.</summary>
internal static class PlexumFrames
{
    public static void Accepted(Utf8JsonWriter json, TurnId turn, AgentId agent, int? position, ImmutableArray<string> warnings)
    {
        json.WriteStartObject();
        json.WriteString("turn_id"u8, turn.Value);
        json.WriteString("agent_id"u8, agent.Value);
        if (position is { } before)
        {
            json.WriteNumber("position"u8, before);
        }

        if (!warnings.IsEmpty)
        {
            Strings(json, "warnings", warnings);
        }

        json.WriteEndObject();
    }

    public static void Event(Utf8JsonWriter json, TurnId turn, AgentId agent, ReadOnlySpan<byte> line)
    {
        json.WriteStartObject();
        json.WriteString("agent_id"u8, agent.Value);
        json.WriteString("turn_id"u8, turn.Value);
        json.WritePropertyName("event"u8);
        json.WriteRawValue(line);
        json.WriteEndObject();
    }

    public static void Cancelled(Utf8JsonWriter json, CancelDocument document) =>
        JsonSerializer.Serialize(json, document, ApiJson.Default.CancelDocument);

    public static void Mutated(Utf8JsonWriter json, ConsumeDocument document) =>
        JsonSerializer.Serialize(json, document, ApiJson.Default.ConsumeDocument);

    public static void Nothing(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteEndObject();
    }

    public static void Log(Utf8JsonWriter json, string level, string message, Action<Utf8JsonWriter> fields)
    {
        json.WriteStartObject();
        json.WriteString("level"u8, level);
        json.WriteString("msg"u8, message);
        json.WriteStartObject("fields"u8);
        fields(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void ToolCall(Utf8JsonWriter json, TurnId turn, AgentId agent, OfferedToolCall call)
    {
        json.WriteStartObject();
        json.WriteString("agent_id"u8, agent.Value);
        json.WriteString("turn_id"u8, turn.Value);
        json.WriteString("call_id"u8, call.CallId);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("arguments"u8);
        json.WriteRawValue(call.Arguments);
        json.WriteEndObject();
    }

    /// <summary>
    /// A host's answer to a tool call in the daemon's format. Accepts both <c>is_error</c> and MCP's <c>isError</c>, and
    /// <c>structuredContent</c> with or without content.
    /// </summary>
    public static byte[] ToolAnswer(JsonElement result) =>
        Write(json =>
        {
            var isObject = result.ValueKind == JsonValueKind.Object;
            var structured = isObject ? Either(result, "structuredContent", "structured_content") : null;
            var content = isObject && result.TryGetProperty("content", out var given) ? given : (JsonElement?)null;
            json.WriteStartObject();
            if (structured is { ValueKind: not JsonValueKind.Null } value)
            {
                Raw(json, "structuredContent", value);
                content = content is { ValueKind: JsonValueKind.Null } ? null : content;
            }
            else
            {
                content ??= result;
            }

            if (content is { } parts)
            {
                json.WritePropertyName("content"u8);
                ToolContent(json, parts, structured);
            }

            json.WriteBoolean("is_error"u8, isObject && (IsTrue(result, "is_error") || IsTrue(result, "isError")));
            json.WriteEndObject();
        });

    /// <summary>A failed tool call in the daemon's format.</summary>
    public static byte[] ToolFailure(string sentence) =>
        Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("content"u8, sentence);
            json.WriteBoolean("is_error"u8, true);
            json.WriteEndObject();
        });

    /// <summary>A turn request in the daemon's format.</summary>
    public static byte[] TurnDocument(string workspace, JsonElement? model, JsonElement request, string key) =>
        Write(json =>
        {
            json.WriteStartObject();
            json.WriteString("workspace"u8, workspace);
            if (model is { } id)
            {
                json.WritePropertyName("model"u8);
                json.WriteRawValue(id.GetRawText());
            }

            foreach (
                var member in request.EnumerateObject().Where(member => member.Name is not ("workspace" or "model" or "idempotency_key"))
            )
            {
                json.WritePropertyName(member.Name);
                json.WriteRawValue(member.Value.GetRawText());
            }

            json.WriteString("idempotency_key"u8, key);
            json.WriteEndObject();
        });

    public static void Strings(Utf8JsonWriter json, string name, ImmutableArray<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    // Text, or a list of parts; MCP has its own format for images. The model gets anything else as raw JSON.
    private static void ToolContent(Utf8JsonWriter json, JsonElement content, JsonElement? structured)
    {
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                json.WriteRawValue(content.GetRawText());
                break;
            case JsonValueKind.Array when content.EnumerateArray().All(part => part.ValueKind == JsonValueKind.Object):
                json.WriteStartArray();
                if (
                    structured is { ValueKind: not JsonValueKind.Null } value
                    && content.GetArrayLength() > 0
                    && !content.EnumerateArray().Any(IsText)
                )
                {
                    // The daemon would take the JSON of another part, such as a link, for a text that says the same.
                    Text(json, value.GetRawText());
                }

                foreach (var part in content.EnumerateArray())
                {
                    ToolPart(json, part);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(content.GetRawText());
                break;
        }
    }

    private static void ToolPart(Utf8JsonWriter json, JsonElement part)
    {
        var type = part.TryGetProperty("type", out var named) ? RpcText.TryGet(named) : null;
        json.WriteStartObject();
        switch (type)
        {
            case "text" when part.TryGetProperty("text", out var text):
                json.WriteString("type"u8, "text"u8);
                Raw(json, "text", text);
                break;
            case "image" when Either(part, "media_type", "mimeType") is { } media && Either(part, "base64", "data") is { } bytes:
                json.WriteString("type"u8, "image"u8);
                Raw(json, "media_type", media);
                Raw(json, "base64", bytes);
                break;
            default:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, part.GetRawText());
                break;
        }

        json.WriteEndObject();
    }

    private static bool IsText(JsonElement part) => part.TryGetProperty("type", out var type) && RpcText.TryGet(type) == "text";

    private static void Text(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    private static JsonElement? Either(JsonElement part, string name, string other) =>
        part.TryGetProperty(name, out var value) || part.TryGetProperty(other, out value) ? value : null;

    private static void Raw(Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value.GetRawText());
    }

    private static bool IsTrue(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            write(json);
        }

        return bytes.ToArray();
    }
}
