using System.Text.Json;

namespace Plexum.Codex.Host.Plugin.Rpc;

/// <summary>The names from MCP that the plugin handles itself.</summary>
internal static class McpMethods
{
    /// <summary>Notifies that a request was cancelled.</summary>
    public const string Cancelled = "notifications/cancelled";

    /// <summary>The parameter of <see cref="Cancelled"/> that names the request.</summary>
    public const string CancelledId = "requestId";

    /// <summary>The request that a <see cref="Cancelled"/> notification names, or null.</summary>
    public static RpcId? CancelledRequest(RpcMessage.Notification cancelled) =>
        cancelled.Params.ValueKind == JsonValueKind.Object && cancelled.Params.TryGetProperty(CancelledId, out var value)
            ? RpcId.TryRead(value)
            : null;

    /// <summary>Why a request is invalid MCP, or null if it is valid. The MCP server itself would not say what is wrong.</summary>
    public static string? WhyNot(RpcMessage.Request request) =>
        request switch
        {
            { Params.ValueKind: JsonValueKind.Array } => "params: must be an object.",
            { Method: CallTool, Params: var call }
                when call.ValueKind != JsonValueKind.Object || !call.TryGetProperty("name", out var name) || RpcText.TryGet(name) is null =>
                "name: must be the name of a tool, a string.",
            { Method: CallTool, Params: var call }
                when call.TryGetProperty("arguments", out var arguments)
                    && arguments.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null) => "arguments: must be an object.",
            _ => null,
        };

    private const string CallTool = "tools/call";
}
