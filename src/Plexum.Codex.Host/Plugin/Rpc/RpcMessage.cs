using System.Text.Json;
using System.Text.Unicode;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>One line of JSON-RPC 2.0.</summary>
internal abstract record RpcMessage
{
    /// <summary>The maximum nesting depth of a line.</summary>
    public const int MaxDepth = 64;

    private RpcMessage() { }

    /// <summary>The answer to a line that is not UTF-8.</summary>
    public static Invalid NotUtf8 { get; } = new(RpcId.Null, RpcException.ParseError, "The line is not UTF-8.");

    /// <summary>Reads a line; an invalid one becomes <see cref="Invalid"/>.</summary>
    public static RpcMessage Parse(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
        {
            return NotUtf8;
        }

        try
        {
            var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
            var root = JsonElement.ParseValue(ref reader);
            while (reader.Read()) { }

            return Read(root);
        }
        catch (JsonException e)
        {
            return new Invalid(
                RpcId.Null,
                RpcException.ParseError,
                FormattableString.Invariant($"The line is not valid JSON at byte {e.BytePositionInLine + 1}.")
            );
        }
    }

    private static RpcMessage Read(JsonElement root)
    {
        switch (root.ValueKind)
        {
            case JsonValueKind.Array:
                return new Invalid(RpcId.Null, RpcException.InvalidRequest, "Batches are not supported; send one request per line.");
            case not JsonValueKind.Object:
                return new Invalid(RpcId.Null, RpcException.InvalidRequest, "A request must be a JSON object.");
        }

        var hasId = root.TryGetProperty("id", out var idValue);
        var hasMethod = root.TryGetProperty("method", out var methodValue);
        if (!hasMethod && (root.TryGetProperty("result", out _) || root.TryGetProperty("error", out _)))
        {
            return new Response(hasId ? RpcId.TryRead(idValue) : null, root);
        }

        if ((hasId ? RpcId.TryRead(idValue) : RpcId.Null) is not { } id)
        {
            return new Invalid(RpcId.Null, RpcException.InvalidRequest, "An id must be a string, a number or null.");
        }

        if (!root.TryGetProperty("jsonrpc", out var version) || RpcText.TryGet(version) != "2.0")
        {
            return new Invalid(id, RpcException.InvalidRequest, "A request must have \"jsonrpc\": \"2.0\".");
        }

        if (RpcText.TryGet(methodValue) is not { } method)
        {
            return new Invalid(id, RpcException.InvalidRequest, "A request must have a method, a string.");
        }

        var parameters = root.TryGetProperty("params", out var value) ? value : default;
        return !hasId ? new Notification(method, parameters)
            : parameters.ValueKind is JsonValueKind.Undefined or JsonValueKind.Object or JsonValueKind.Array
                ? new Request(id, method, parameters)
            : new Invalid(id, RpcException.InvalidRequest, "The params of a request must be an object or a list.");
    }

    /// <summary>A request, which must be answered.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Method">Its method.</param>
    /// <param name="Params">An object, a list, or undefined.</param>
    public sealed record Request(RpcId Id, string Method, JsonElement Params) : RpcMessage;

    /// <summary>A notification, which must not be answered.</summary>
    /// <param name="Method">Its method.</param>
    /// <param name="Params">Anything, or undefined.</param>
    public sealed record Notification(string Method, JsonElement Params) : RpcMessage;

    /// <summary>An answer.</summary>
    /// <param name="Id">The request's id; null if missing or invalid.</param>
    /// <param name="Root">The whole message, with <c>result</c> or <c>error</c>.</param>
    public sealed record Response(RpcId? Id, JsonElement Root) : RpcMessage;

    /// <summary>An invalid line, with the error to answer.</summary>
    /// <param name="Id">The id to answer with.</param>
    /// <param name="Code">The error's code.</param>
    /// <param name="Message">The error's message.</param>
    public sealed record Invalid(RpcId Id, int Code, string Message) : RpcMessage;
}
