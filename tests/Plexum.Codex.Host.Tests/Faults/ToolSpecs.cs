using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Faults;

/// <summary>The daemon is killed while codex waits for a tool of the host's. The relays are real ones, started as codex does.</summary>
public sealed class ToolSpecs : FaultTest
{
    [Fact]
    public async Task A_call_under_way_ends_with_the_daemon_and_a_relay_that_comes_after_the_restart_is_served()
    {
        Daemon.Codex.Script("thread", "turn", $"touch {Daemon.Codex.File("runs")}", $"wait {Daemon.Codex.File("go")}", "say done", "completed 1 1");
        await Daemon.StartAsync();
        var turn = await SubmitAsync();
        await Daemon.Codex.AppearsAsync("runs");
        await using (var relay = await ConnectAsync(turn))
        {
            var cut = CallAsync(relay, "call_1");
            Assert.Equal("call_1", (string)(await FirstCallAsync(turn))["call_id"]!);

            await Daemon.KillAsync();

            await Assert.ThrowsAnyAsync<Exception>(() => cut.WithinLimit());
            Assert.False(cut.IsCanceled);
            await relay.Completion.WithinLimit();
        }

        await Daemon.StartAsync();
        await ListensAsync();
        await using var later = await ConnectAsync(turn);
        var served = CallAsync(later, "call_2");
        var call = await FirstCallAsync(turn);
        Assert.Equal(("call_2", "k"), ((string)call["call_id"]!, (string)call["arguments"]!["key"]!));
        Assert.Equal(404, (await AnswerAsync(turn, "call_1")).Status);
        Assert.Equal(204, (await AnswerAsync(turn, "call_2")).Status);
        Assert.Equal("a value", Assert.IsType<TextContentBlock>(Assert.Single((await served.WithinLimit()).Content)).Text);

        Daemon.Codex.Touch("go");
        var events = await Daemon.EventsAsync(turn);
        Assert.Equal("end_turn", (string)events[^1].Json["stop_reason"]!);
        Assert.Single(Daemon.Turns);
    }

    private async Task<string> SubmitAsync()
    {
        var answer = await Daemon.PostAsync("/v1/agents/alice/turns", JsonNode.Parse(
            """{"messages":[{"role":"user","content":"hello"}],"tools":[{"name":"get","description":"Gets.","inputSchema":{"type":"object"}}]}"""));
        Assert.True(answer.Status == 202, answer.ToString());
        return (string)answer.Json["turn_id"]!;
    }

    private async Task<McpClient> ConnectAsync(string turn)
    {
        var alice = AgentId.Parse("alice");
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = "relay",
            Command = Path.Combine(AppContext.BaseDirectory, "plexum-codex-mcp-host"),
            EnvironmentVariables = new Dictionary<string, string?>
            {
                ["PLEXUM_MCP_SOCKET"] = SocketPath,
                ["PLEXUM_MCP_AGENT_ID"] = "alice",
                ["PLEXUM_MCP_TOKEN"] = ExecRecord.Load(TurnDirectory.Of(new AgentDirectory(Daemon.Profile, alice), TurnId.Parse(turn)))!.ToolToken,
            },
        });
        return await McpClient.CreateAsync(transport).WithinLimit();
    }

    private string SocketPath => Assert.Single(Directory.EnumerateFiles(Path.Combine(Daemon.Profile, "run"), "*.sock"));

    // The daemon is ready before it has taken its turns up; until then the socket is that of the dead one.
    private async Task ListensAsync()
    {
        await Limits.UntilAsync(async () =>
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }

    private static Task<CallToolResult> CallAsync(McpClient relay, string id) => relay.CallToolAsync(new CallToolRequestParams
    {
        Name = "get",
        Arguments = new Dictionary<string, JsonElement> { ["key"] = JsonDocument.Parse("\"k\"").RootElement },
        Meta = new() { ["callId"] = id },
    }).AsTask();

    private async Task<JsonObject> FirstCallAsync(string turn)
    {
        using var response = await Daemon.Http.GetAsync($"/v1/turns/{turn}/tool-calls", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(new MediaTypeHeaderValue("text/event-stream"), response.Content.Headers.ContentType);
        await using var calls = SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync()).GetAsyncEnumerator();
        Assert.True(await calls.MoveNextAsync().WithinLimit());
        return calls.Current.Json;
    }

    private Task<Answer> AnswerAsync(string turn, string call) =>
        Daemon.PostAsync($"/v1/turns/{turn}/tool-calls/{call}", new JsonObject { ["content"] = "a value" });
}
