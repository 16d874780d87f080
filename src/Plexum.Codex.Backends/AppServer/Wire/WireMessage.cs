using System.Text.Json;

namespace Plexum.Codex.AppServer.Wire;

/// <summary>
/// A message of the server: JSON-RPC without its <c>"jsonrpc"</c> member. Reading never throws: what is no message is
/// <see cref="Unreadable"/>, and unknown members are ignored.
/// </summary>
internal abstract record WireMessage
{
    private const int MaxDepth = 256;

    private WireMessage() { }

    /// <summary>The result of a request.</summary>
    public sealed record Result(long Id, JsonElement Value) : WireMessage;

    /// <summary>The error that a request got.</summary>
    public sealed record Failure(long Id, AppServerFault Fault) : WireMessage;

    /// <summary>Something the server tells.</summary>
    public sealed record Notification(string Method, JsonElement Parameters) : WireMessage;

    /// <summary>Something the server asks; its id is a number or a text.</summary>
    public sealed record Question(JsonElement Id, string Method, JsonElement Parameters) : WireMessage;

    /// <summary>No message that this program understands.</summary>
    public sealed record Unreadable(string Reason) : WireMessage;

    /// <summary>Reads a whole message.</summary>
    public static WireMessage Read(ReadOnlySpan<byte> json)
    {
        JsonElement message;
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            message = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException e)
        {
            return new Unreadable($"it is no JSON: {e.Message}");
        }

        if (message.ValueKind != JsonValueKind.Object)
        {
            return new Unreadable($"it is no object but {message.ValueKind}");
        }

        var id = Member(message, "id");
        var parameters = Member(message, "params");
        return TextOf(Member(message, "method")) is { } method
            ? id.ValueKind is JsonValueKind.Number or JsonValueKind.String
                ? new Question(id, method, parameters)
                : new Notification(method, parameters)
            : id.ValueKind != JsonValueKind.Number || !id.TryGetInt64(out var number)
                ? new Unreadable("it has neither a method nor an id")
                : Member(message, "error") is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } error
                    ? new Failure(number, FaultOf(error))
                    : new Result(number, Member(message, "result"));
    }

    /// <summary>The text of a JSON string; null if it is none, or holds half of a surrogate pair.</summary>
    public static string? TextOf(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A member of an object; undefined if it is not there, or there is no object.</summary>
    public static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static AppServerFault FaultOf(JsonElement error)
    {
        var code =
            Member(error, "code") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : (long?)null;
        return FaultWords.Of(code, TextOf(Member(error, "message")) ?? "", Member(error, "data"));
    }
}
