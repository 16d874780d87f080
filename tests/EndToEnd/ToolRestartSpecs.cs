using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.Chaos;

namespace Plexum.Codex.EndToEnd;

/// <summary>
/// The daemon is killed while the real codex waits for a tool of the host's. codex 0.169.0 gives the call up as soon as the relay has ended
/// and does not start another one in the same turn.
/// </summary>
public sealed class ToolRestartSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    [Fact]
    public async Task A_daemon_that_is_killed_in_mid_call_should_leave_a_turn_whose_model_is_told_so_and_goes_on()
    {
        await using var rig = new CodexRig(model.Server);
        Directory.CreateDirectory(rig.Profile);
        await using var daemon = new ChaosDaemon(rig.Profile, new RealChaosCodex(model.Server, rig), []);
        await daemon.StartAsync(CancellationToken.None);
        var turn = await SubmitAsync(daemon, "!mcp plexum-host-alice get\n!say between\n!mcp plexum-host-alice get\n!outputs");
        await CalledAsync(daemon, turn);

        await daemon.KillAndStartAsync(CancellationToken.None);

        var events = await EventsAsync(daemon, turn);
        var results = events.Where(e => (string)e["type"]! == "tool_result").ToList();
        Assert.Equal(2, results.Count);
        Assert.All(results, result => Assert.True((bool)result["is_error"]!));
        Assert.All(results, result => Assert.Contains("Transport closed", (string)result["output"]!, StringComparison.Ordinal));
        Assert.Contains(events, e => (string?)e["text"] == "between");
        Assert.Equal("end_turn", (string)events[^1]["stop_reason"]!);
    }

    private static async Task<string> SubmitAsync(ChaosDaemon daemon, string prompt)
    {
        var body = new
        {
            messages = new[] { new { role = "user", content = prompt } },
            tools = new[] { new { name = "get", description = "Gets.", inputSchema = new { type = "object" } } },
        };
        using var answer = await daemon.Client.PostAsJsonAsync(new Uri("/v1/agents/alice/turns", UriKind.Relative), body).WithinLimit();
        answer.EnsureSuccessStatusCode();
        return (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["turn_id"]!;
    }

    private static async Task CalledAsync(ChaosDaemon daemon, string turn)
    {
        var stream = await daemon.Client.GetStreamAsync(new Uri($"/v1/turns/{turn}/tool-calls", UriKind.Relative)).WithinLimit();
        using var calls = new StreamReader(stream);
        string? line;
        do
        {
            line = await calls.ReadLineAsync().WithinLimit();
            Assert.NotNull(line);
        }
        while (!line.StartsWith("data: ", StringComparison.Ordinal));
    }

    private static async Task<List<JsonObject>> EventsAsync(ChaosDaemon daemon, string turn)
    {
        var text = await daemon.Client.GetStringAsync(new Uri($"/v1/turns/{turn}/events", UriKind.Relative)).WithinLimit();
        return [.. text.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[6..])!.AsObject())];
    }
}
