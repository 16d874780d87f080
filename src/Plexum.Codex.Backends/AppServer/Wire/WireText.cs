using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>What this program says to the server.</summary>
internal static class WireText
{
    // Nothing here ends up in a page, and escapes would make other scripts than Latin three times as long.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A request.</summary>
    public static byte[] Request(long id, string method, JsonObject? parameters) =>
        Write(writer =>
        {
            writer.WriteNumber("id"u8, id);
            Call(writer, method, parameters);
        });

    /// <summary>A notification.</summary>
    public static byte[] Notification(string method, JsonObject? parameters = null) => Write(writer => Call(writer, method, parameters));

    /// <summary>The answer to a question of the server.</summary>
    public static byte[] Reply(JsonElement id, JsonObject result) =>
        Write(writer =>
        {
            Id(writer, id);
            writer.WritePropertyName("result"u8);
            result.WriteTo(writer);
        });

    /// <summary>The answer to a question of the server that this program cannot answer.</summary>
    public static byte[] ReplyError(JsonElement id, string message) =>
        Write(writer =>
        {
            const int NotDone = -32000;
            Id(writer, id);
            writer.WriteStartObject("error"u8);
            writer.WriteNumber("code"u8, NotDone);
            writer.WriteString("message"u8, message);
            writer.WriteEndObject();
        });

    private static void Call(Utf8JsonWriter writer, string method, JsonObject? parameters)
    {
        writer.WriteString("method"u8, method);
        if (parameters is not null)
        {
            writer.WritePropertyName("params"u8);
            parameters.WriteTo(writer);
        }
    }

    private static void Id(Utf8JsonWriter writer, JsonElement id)
    {
        writer.WritePropertyName("id"u8);
        id.WriteTo(writer);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}
