using System.Collections.Immutable;
using System.Globalization;

namespace Plexum.Codex.Tools;

/// <summary>What codex is started with, so that it finds the tools of a turn.</summary>
/// <param name="Overrides">Values of <c>-c</c>.</param>
/// <param name="Variables">Variables of codex's environment.</param>
internal sealed record ToolRegistration(ImmutableArray<string> Overrides, ImmutableDictionary<string, string> Variables)
{
    /// <summary>The variable with the socket's path.</summary>
    public const string SocketVariable = "PLEXUM_MCP_SOCKET";

    /// <summary>The variable with the agent's id.</summary>
    public const string AgentVariable = "PLEXUM_MCP_AGENT_ID";

    /// <summary>
    /// The variable with the turn's token. codex has it in its own environment and hands it on to the one server whose <c>env_vars</c> name
    /// it (measured on 0.169.0).
    /// </summary>
    public const string TokenVariable = "PLEXUM_MCP_TOKEN";

    /// <summary>A whole entry: nothing has to stand in the user's configuration.</summary>
    public static ToolRegistration WholeEntry(ToolServer server, ToolToken token, ToolSettings settings)
    {
        var entry = string.Join(
            ',',
            $"command={TomlText.Quote(server.Relay.Path)}",
            $"args={TomlText.List(server.Relay.Arguments)}",
            $"env={TomlText.Table(server.Variables)}",
            $"env_vars={TomlText.List([TokenVariable])}",
            "required=true",
            "default_tools_approval_mode=\"approve\"",
            $"tool_timeout_sec={Patience(settings)}");
        return new ToolRegistration([$"mcp_servers.{server.Name}={{{entry}}}"], Secret(token));
    }

    /// <summary>What <c>codex mcp add</c> cannot say of an entry, which must be there: codex does not start with half of one.</summary>
    public static ToolRegistration RestOfEntry(ToolServer server, ToolToken token, ToolSettings settings) => new(
        [
            $"mcp_servers.{server.Name}.env_vars={TomlText.List([TokenVariable])}",
            $"mcp_servers.{server.Name}.default_tools_approval_mode=\"approve\"",
            $"mcp_servers.{server.Name}.tool_timeout_sec={Patience(settings)}",
        ],
        Secret(token));

    // A part of a second would be cut off.
    private static string Patience(ToolSettings settings) =>
        Math.Ceiling((settings.CallTimeout + ToolSettings.CodexPatience).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static ImmutableDictionary<string, string> Secret(ToolToken token) =>
        ImmutableDictionary<string, string>.Empty.Add(TokenVariable, token.Text);
}

/// <summary>An agent's MCP server as codex sees it.</summary>
/// <param name="Name">Its name in codex's configuration.</param>
/// <param name="Relay">The program that codex starts.</param>
/// <param name="Variables">That program's variables; none is secret.</param>
internal sealed record ToolServer(string Name, RelayProgram Relay, ImmutableSortedDictionary<string, string> Variables)
{
    /// <summary>Whether codex would see the same.</summary>
    public bool SameAs(ToolServer other) =>
        Name == other.Name && Relay.Path == other.Relay.Path && Relay.Arguments.SequenceEqual(other.Relay.Arguments) && Variables.SequenceEqual(other.Variables);
}
