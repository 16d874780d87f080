using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>Builds lines of JSON-RPC 2.0, each with its newline.</summary>
internal static class RpcFrame
{
    // The output is never embedded in HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Request(RpcId id, string method, Action<Utf8JsonWriter>? parameters) =>
        Make(json =>
        {
            WriteId(json, id);
            WriteCall(json, method, parameters);
        });

    public static ReadOnlyMemory<byte> Request(RpcMessage.Request request, RpcId id) => Request(id, request.Method, Raw(request.Params));

    public static ReadOnlyMemory<byte> Notification(string method, Action<Utf8JsonWriter>? parameters) =>
        Make(json => WriteCall(json, method, parameters));

    public static ReadOnlyMemory<byte> Notification(RpcMessage.Notification notification) =>
        Notification(notification.Method, Raw(notification.Params));

    public static ReadOnlyMemory<byte> Result(RpcId id, Action<Utf8JsonWriter> result) =>
        Make(json =>
        {
            WriteId(json, id);
            json.WritePropertyName("result"u8);
            result(json);
        });

    public static ReadOnlyMemory<byte> Error(RpcId id, int code, string message, string? reason = null) =>
        Make(json =>
        {
            WriteId(json, id);
            json.WriteStartObject("error"u8);
            json.WriteNumber("code"u8, code);
            json.WriteString("message"u8, message);
            if (reason is not null)
            {
                json.WriteStartObject("data"u8);
                json.WriteString("code"u8, reason);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });

    /// <summary>Copies an answer under another id.</summary>
    public static ReadOnlyMemory<byte> Response(RpcMessage.Response response, RpcId id) =>
        Make(json =>
        {
            WriteId(json, id);
            foreach (var property in response.Root.EnumerateObject().Where(property => property.Name is "result" or "error"))
            {
                json.WritePropertyName(property.Name);
                json.WriteRawValue(property.Value.GetRawText());
            }
        });

    private static ReadOnlyMemory<byte> Make(Action<Utf8JsonWriter> members)
    {
        var frame = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(frame, Options))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc"u8, "2.0"u8);
            members(json);
            json.WriteEndObject();
        }

        frame.Write("\n"u8);
        return frame.WrittenMemory;
    }

    private static void WriteId(Utf8JsonWriter json, RpcId id)
    {
        json.WritePropertyName("id"u8);
        json.WriteRawValue(id.Raw);
    }

    private static void WriteCall(Utf8JsonWriter json, string method, Action<Utf8JsonWriter>? parameters)
    {
        json.WriteString("method"u8, method);
        if (parameters is not null)
        {
            json.WritePropertyName("params"u8);
            parameters(json);
        }
    }

    private static Action<Utf8JsonWriter>? Raw(JsonElement value) =>
        value.ValueKind == JsonValueKind.Undefined ? null : json => json.WriteRawValue(value.GetRawText());
}
