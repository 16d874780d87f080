using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Backend;
using Plexum.Codex.CodexConfig;

namespace Plexum.Codex.Exec.Tools;

/// <summary>The arguments and variables with which codex finds the tools of a turn.</summary>
/// <param name="Overrides">Values of <c>-c</c>.</param>
/// <param name="Variables">Variables of codex's environment.</param>
internal sealed record ToolRegistration(ImmutableArray<string> Overrides, ImmutableDictionary<string, string> Variables)
{
    // codex waits longer for a call than this program does, so that the model gets this program's sentence.
    private static readonly TimeSpan CodexGrace = TimeSpan.FromSeconds(30);

    /// <summary>The whole entry, marked as required; the user's configuration needs none.</summary>
    public static ToolRegistration Required(ToolServer server) =>
        new([Entry(server, [.. Values(server), "required=true"])], Secret(server));

    /// <summary>
    /// The whole entry, which overrides the one in the user's configuration. That one may be missing for a moment while another is
    /// edited, and codex does not start with half of an entry (measured on 0.169.0). The entries of other agents are switched off, or
    /// this codex would start all their relays.
    /// </summary>
    public static ToolRegistration OverEntry(ToolServer server, IEnumerable<string> others) =>
        new(
            [
                Entry(server, Values(server)),
                .. others
                    .Where(name => name != server.Name)
                    .Select(name => Entry(server with { Name = name }, [Command(server), "enabled=false"])),
            ],
            Secret(server)
        );

    private static string Entry(ToolServer server, IEnumerable<string> values) =>
        $"mcp_servers.{server.Name}={{{string.Join(',', values)}}}";

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

    // codex would drop a fraction of a second.
    private static string TimeLimit(ToolServer server) =>
        Math.Ceiling((server.CallTimeout + CodexGrace).TotalSeconds).ToString(CultureInfo.InvariantCulture);

    private static ImmutableDictionary<string, string> Secret(ToolServer server) =>
        ImmutableDictionary<string, string>.Empty.Add(ToolServer.TokenVariable, server.Token);
}
