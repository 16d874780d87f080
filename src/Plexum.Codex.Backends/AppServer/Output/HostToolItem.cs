using System.Runtime.InteropServices;
using System.Text.Json;
using Plexum.Codex.Backend;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// A call of a host's tool that codex has as <c>dynamicToolCall</c>, in the shape of the same call through the host's MCP server, so that
/// readers need not know which way it went (measured on 0.169.0 and 0.171.0).
/// </summary>
internal static class HostToolItem
{
    /// <summary>Whether an item is such a call.</summary>
    public static bool Is(JsonElement item) => item.TextOf("type") == "dynamicToolCall" && ToolServerName.IsOne(item.TextOf("namespace"));

    /// <summary>Writes its members, besides its id and type.</summary>
    public static void Write(Utf8JsonWriter json, JsonElement item)
    {
        json.WriteString("server"u8, item.TextOf("namespace"));
        json.WriteString("tool"u8, item.TextOf("tool"));
        json.WritePropertyName("arguments"u8);
        if (item.TryGetProperty("arguments", out var arguments))
        {
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(arguments), skipInputValidation: true);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WritePropertyName("result"u8);
        WriteResult(json, item);
        json.WriteNull("error"u8);
        json.WriteString("status"u8, SnakeCase.Of(item.TextOf("status")));
    }

    private static void WriteResult(Utf8JsonWriter json, JsonElement item)
    {
        if (!item.TryGetProperty("contentItems", out var content) || content.ValueKind != JsonValueKind.Array)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteStartArray("content"u8);
        foreach (var part in content.EnumerateArray())
        {
            WritePart(json, part);
        }

        json.WriteEndArray();
        json.WriteNull("structured_content"u8);
        json.WriteEndObject();
    }

    // data:image/png;base64,AAAA
    private static void WritePart(Utf8JsonWriter json, JsonElement part)
    {
        json.WriteStartObject();
        var url = part.TextOf("imageUrl");
        if (url.Split([':', ';', ','], 4) is ["data", var mime, "base64", var data])
        {
            json.WriteString("type"u8, "image"u8);
            json.WriteString("data"u8, data);
            json.WriteString("mimeType"u8, mime);
        }
        else
        {
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, part.TextOf("text"));
        }

        json.WriteEndObject();
    }
}
