using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.Chaos;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>A daemon with a turn that has a tool and does not end.</summary>
internal sealed class TurnWithTools : IAsyncDisposable
{
    private const int Forever = 600_000;

    private readonly ChaosDaemon _daemon;
    private readonly string _turn;

    private TurnWithTools(ChaosDaemon daemon, string turn, IReadOnlyDictionary<string, string> variables) =>
        (_daemon, _turn, Variables) = (daemon, turn, variables);

    /// <summary>What codex gives the relay.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; }

    public static async Task<TurnWithTools> BeginAsync(DirectoryInfo place)
    {
        var profile = place.CreateSubdirectory("profile").FullName;
        var daemon = new ChaosDaemon(profile, new ScriptedCodex(place.FullName, Forever), []);
        await daemon.StartAsync(CancellationToken.None);
        var body = new
        {
            messages = new[] { new { role = "user", content = "hello" } },
            tools = new[] { new { name = "get", description = "Gets.", inputSchema = new { type = "object" } } },
        };
        using var accepted = await daemon.Client.PostAsJsonAsync(new Uri("/v1/agents/alice/turns", UriKind.Relative), body);
        var turn = (string)(await accepted.Content.ReadFromJsonAsync<JsonObject>())!["turn_id"]!;
        await RunsAsync(daemon, turn);
        var directory = TurnDirectory.Of(new AgentDirectory(profile, AgentId.Parse("alice")), TurnId.Parse(turn));
        return new TurnWithTools(daemon, turn, new Dictionary<string, string>
        {
            ["PLEXUM_MCP_SOCKET"] = Directory.EnumerateFiles(Path.Combine(profile, "run"), "*.sock").Single(),
            ["PLEXUM_MCP_AGENT_ID"] = "alice",
            ["PLEXUM_MCP_TOKEN"] = ExecRecord.Load(directory)!.ToolToken!,
        });
    }

    public async ValueTask DisposeAsync()
    {
        using var cancelled = await _daemon.Client.PostAsJsonAsync(new Uri($"/v1/turns/{_turn}/cancel", UriKind.Relative), new { force = true });
        await _daemon.Client.GetStringAsync(new Uri($"/v1/turns/{_turn}/events", UriKind.Relative));
        await _daemon.DisposeAsync();
    }

    // By its first words codex has been started, and so the turn's record is written.
    private static async Task RunsAsync(ChaosDaemon daemon, string turn)
    {
        using var events = new StreamReader(await daemon.Client.GetStreamAsync(new Uri($"/v1/turns/{turn}/events", UriKind.Relative)));
        while (await events.ReadLineAsync() is { } line && line != "event: text_delta")
        {
        }
    }
}
