using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Backend;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Exec.Tools;

/// <summary>What codex is started with, so that it finds the tools of a turn.</summary>
/// <param name="Overrides">Values of <c>-c</c>.</param>
/// <param name="Variables">Variables of codex's environment.</param>
internal sealed record ToolRegistration(ImmutableArray<string> Overrides, ImmutableDictionary<string, string> Variables)
{
    // codex waits longer for a call than this program does, so that the model gets this program's sentence.
    private static readonly TimeSpan CodexGrace = TimeSpan.FromSeconds(30);

    /// <summary>The whole entry, which codex cannot start without: nothing has to stand in the user's configuration.</summary>
    public static ToolRegistration Required(ToolServer server) =>
        new([Entry(server, [.. Values(server), "required=true"])], Secret(server));

    /// <summary>
    /// The whole entry over the one in the user's configuration, which may just be missing while another is edited: codex does not start
    /// with half of one (measured on 0.169.0). The entries of other agents are switched off, else this codex would start all their relays.
    /// </summary>
    public static ToolRegistration OverEntry(ToolServer server, IEnumerable<string> others) =>
        new(
            [
                Entry(server, Values(server)),
                .. others.Where(name => name != server.Name).Select(name => Entry(server with { Name = name }, [Command(server), "enabled=false"])),
            ],
            Secret(server));

    private static string Entry(ToolServer server, IEnumerable<string> values) => $"mcp_servers.{server.Name}={{{string.Join(',', values)}}}";

    private static string Command(ToolServer server) => $"command={TomlText.Quote(server.Relay.Path)}";

    private static string[] Values(ToolServer server) =>
    [
        Command(server),
        $"args={TomlText.List(server.Relay.Arguments)}",
        $"env={TomlText.Table(server.Variables)}",
        $"env_vars={TomlText.List([ToolServer.TokenVariable])}",
        "default_tools_approval_mode=\"approve\"",
        $"tool_timeout_sec={TimeLimit(server)}",
    ];

    // A part of a second would be cut off.
    private static string TimeLimit(ToolServer server) =>
        Math.Ceiling((server.CallTimeout + CodexGrace).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static ImmutableDictionary<string, string> Secret(ToolServer server) =>
        ImmutableDictionary<string, string>.Empty.Add(ToolServer.TokenVariable, server.Token);
}
