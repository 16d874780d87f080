using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>The names of MCP that this program has to know itself.</summary>
internal static class McpMethods
{
    /// <summary>Tells that nobody waits for a request any more.</summary>
    public const string Cancelled = "notifications/cancelled";

    /// <summary>The parameter of <see cref="Cancelled"/> that names the request.</summary>
    public const string CancelledId = "requestId";

    /// <summary>The request that a <see cref="Cancelled"/> is about; null where it names none.</summary>
    public static RpcId? CancelledRequest(RpcMessage.Notification cancelled) =>
        cancelled.Params.ValueKind == JsonValueKind.Object && cancelled.Params.TryGetProperty(CancelledId, out var value) ? RpcId.TryRead(value) : null;

    /// <summary>Why a request cannot be one of MCP's; null where it can. The server itself would say only that something went wrong.</summary>
    public static string? WhyNot(RpcMessage.Request request) => request switch
    {
        { Params.ValueKind: JsonValueKind.Array } => "params: must be an object.",
        { Method: CallTool, Params: var call } when call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out var name) || RpcText.TryGet(name) is null =>
            "name: must be a string, the name of a tool.",
        { Method: CallTool, Params: var call } when call.TryGetProperty("arguments", out var arguments) && arguments.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null) =>
            "arguments: must be an object.",
        _ => null,
    };

    private const string CallTool = "tools/call";
}
