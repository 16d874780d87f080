using System.Text.Json.Nodes;
using Plexum.Codex.Backend;
using Plexum.Codex.CodexConfig;

namespace Plexum.Codex.AppServer.Turns.Setup;

/// <summary>The MCP servers of the host's tools in the configuration of a thread.</summary>
internal static class ServerTools
{
    private const string Table = "mcp_servers";

    // codex waits longer for a call than this program does, so that the model gets this program's sentence.
    private static readonly TimeSpan CodexGrace = TimeSpan.FromSeconds(30);

    /// <summary>Adds it. A server of a thread gets its token in its own environment, where only this user can look.</summary>
    public static void Add(JsonObject config, ToolServer server)
    {
        var variables = new JsonObject(server.Variables.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)))
        {
            [ToolServer.TokenVariable] = server.Token,
        };
        config[$"{Table}.{server.Name}"] = new JsonObject
        {
            ["command"] = server.Relay.Path,
            ["args"] = new JsonArray([.. server.Relay.Arguments.Select(argument => (JsonNode)argument)]),
            ["env"] = variables,
            ["default_tools_approval_mode"] = "approve",
            ["tool_timeout_sec"] = (long)Math.Ceiling((server.CallTimeout + CodexGrace).TotalSeconds),
            ["required"] = true,
        };
    }

    /// <summary>
    /// Switches off the entries that exec's turns have put into the user's configuration, or each thread would start the relays of all
    /// agents. An entry is whole, because the user's may be gone when codex reads it, and half of one is an error.
    /// </summary>
    public static void SwitchOff(JsonObject config, CodexConfigFile user)
    {
        foreach (var name in user.Keys(Table).Where(ToolServerName.IsOne))
        {
            config[$"{Table}.{name}"] = new JsonObject { ["command"] = user.Text($"{Table}.{name}.command") ?? name, ["enabled"] = false };
        }
    }
}
