using System.Text.Json.Nodes;
using Plexum.Codex.Backend;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>The MCP server of the host's tools in the configuration of a thread.</summary>
internal static class ServerTools
{
    // codex waits longer for a call than this program does, so that the model gets this program's sentence.
    private static readonly TimeSpan CodexGrace = TimeSpan.FromSeconds(30);

    /// <summary>Adds it. A server of a thread gets its token in its own environment, where only this user can look.</summary>
    public static void Add(JsonObject config, ToolServer server)
    {
        var variables = new JsonObject(server.Variables.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)))
        {
            [ToolServer.TokenVariable] = server.Token,
        };
        config[$"mcp_servers.{server.Name}"] = new JsonObject
        {
            ["command"] = server.Relay.Path,
            ["args"] = new JsonArray([.. server.Relay.Arguments.Select(argument => (JsonNode)argument)]),
            ["env"] = variables,
            ["default_tools_approval_mode"] = "approve",
            ["tool_timeout_sec"] = (long)Math.Ceiling((server.CallTimeout + CodexGrace).TotalSeconds),
            ["required"] = true,
        };
    }
}
