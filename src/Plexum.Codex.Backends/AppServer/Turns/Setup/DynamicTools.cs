using System.Text.Json.Nodes;
using Plexum.Codex.Backend;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>
/// The host's tools as <c>dynamicTools</c> of <c>thread/start</c>: a namespace with the name that their MCP server has, since codex
/// reserves
/// names that begin with <c>mcp__</c> (measured on 0.169.0 and 0.171.0).
/// </summary>
internal static class DynamicTools
{
    // Codex refuses longer ones (measured on 0.169.0 and 0.171.0).
    private const int MaxNamespace = 64;

    /// <summary>The tools; null if two of them would have the same name.</summary>
    public static JsonArray? Of(ToolServer server)
    {
        var names = server.Tools.Select(tool => tool.ModelName).ToHashSet(StringComparer.Ordinal);
        return server.Tools.IsEmpty || names.Count < server.Tools.Length || names.Contains("")
            ? null
            :
            [
                new JsonObject
                {
                    ["type"] = "namespace",
                    ["name"] = NamespaceOf(server.Name),
                    ["description"] = "Tools of the program that gives you your tasks.",
                    ["tools"] = new JsonArray([.. server.Tools.Select(ToolOf)]),
                },
            ];
    }

    private static string NamespaceOf(string server) =>
        server.Length <= MaxNamespace ? server : $"{server[..(MaxNamespace - 17)]}-{ToolServerName.Hash(server, 8)}";

    private static JsonNode ToolOf(OfferedTool tool) =>
        new JsonObject
        {
            ["type"] = "function",
            ["name"] = tool.ModelName,
            ["description"] = tool.Description,
            ["inputSchema"] = JsonNode.Parse(tool.InputSchema),
        };
}
