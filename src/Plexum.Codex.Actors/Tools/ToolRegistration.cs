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

    /// <summary>The whole entry, which codex cannot start without: nothing has to stand in the user's configuration.</summary>
    public static ToolRegistration Required(ToolServer server, ToolToken token, ToolSettings settings) =>
        new([Entry(server, [.. Values(server, settings), "required=true"])], Secret(token));

    /// <summary>
    /// The whole entry over the one in the user's configuration, which may just be missing while another is edited: codex does not start
    /// with half of one (measured on 0.169.0). The entries of other agents are switched off, else this codex would start all their relays.
    /// </summary>
    public static ToolRegistration OverEntry(ToolServer server, IEnumerable<string> others, ToolToken token, ToolSettings settings) =>
        new(
            [
                Entry(server, Values(server, settings)),
                .. others.Where(name => name != server.Name).Select(name => Entry(server with { Name = name }, [Command(server), "enabled=false"])),
            ],
            Secret(token));

    private static string Entry(ToolServer server, IEnumerable<string> values) => $"mcp_servers.{server.Name}={{{string.Join(',', values)}}}";

    private static string Command(ToolServer server) => $"command={TomlText.Quote(server.Relay.Path)}";

    private static string[] Values(ToolServer server, ToolSettings settings) =>
    [
        Command(server),
        $"args={TomlText.List(server.Relay.Arguments)}",
        $"env={TomlText.Table(server.Variables)}",
        $"env_vars={TomlText.List([TokenVariable])}",
        "default_tools_approval_mode=\"approve\"",
        $"tool_timeout_sec={Patience(settings)}",
    ];

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
