using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Plexum.Codex.Tools;

/// <summary>
/// Answers calls whose arguments are not a JSON object with a sentence that the model can read. The library would answer with a
/// JSON-RPC error, which the model never sees.
/// </summary>
public static class ToolCallShape
{
    /// <summary>A filter for a server's incoming messages.</summary>
    public static McpMessageHandler Check(McpMessageHandler next) =>
        (context, cancellationToken) =>
            context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ToolsCall } request && WhyNot(request.Params) is { } reason
                ? context.Server.SendMessageAsync(Refusal(request.Id, reason), cancellationToken)
                : next(context, cancellationToken);

    private static string? WhyNot(JsonNode? parameters)
    {
        try
        {
            return parameters is JsonObject call && call.TryGetPropertyValue("arguments", out var arguments) && arguments is not JsonObject
                ? NoObject(arguments?.GetValueKind() ?? JsonValueKind.Null)
                : null;
        }
        catch (ArgumentException)
        {
            return "The tool was not called: a property occurs twice in the call. Call it again with each property once.";
        }
    }

    /// <summary>A sentence for a model whose arguments are no JSON object.</summary>
    /// <param name="kind">What they are.</param>
    internal static string NoObject(JsonValueKind kind) =>
        $"The tool was not called: its arguments must be a JSON object, not {NameOf(kind)}. "
        + "Call it again with an object that matches its schema.";

    private static string NameOf(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined => "null",
            JsonValueKind.Array => "an array",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            _ => "true or false",
        };

    private static JsonRpcResponse Refusal(RequestId id, string reason) =>
        new() { Id = id, Result = JsonSerializer.SerializeToNode(ToolResult.Failed(reason).ToMcp(), McpJsonUtilities.DefaultOptions) };
}
