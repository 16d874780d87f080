using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Faults;

/// <summary>The daemon is killed while codex waits for a tool of the host's. The relays are real ones, started as codex does.</summary>
public sealed class ToolSpecs : DaemonProcessTest
{
    [Fact]
    public async Task A_call_under_way_ends_with_the_daemon_and_a_relay_that_comes_after_the_restart_is_served()
    {
        Stage.Script("thread", "turn", $"touch {Stage.File("runs")}", $"wait {Stage.File("go")}", "say done", "completed 1 1");
        await Daemon.StartAsync();
        var turn = await Daemon.Api.SubmitAsync("hello", change: DaemonApi.WithTool);
        await Stage.AppearsAsync("runs");
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

        Stage.Touch("go");
        var events = await Daemon.Api.EventsAsync(turn);
        Assert.Equal("end_turn", (string)events[^1].Json["stop_reason"]!);
        Assert.Single(Stage.Turns);
    }

    private async Task<McpClient> ConnectAsync(string turn)
    {
        var alice = AgentId.Parse("alice");
        var transport = new StdioClientTransport(
            new StdioClientTransportOptions
            {
                Name = "relay",
                Command = Path.Combine(AppContext.BaseDirectory, "plexum-codex-mcp-host"),
                EnvironmentVariables = new Dictionary<string, string?>
                {
                    ["PLEXUM_MCP_SOCKET"] = SocketPath,
                    ["PLEXUM_MCP_AGENT_ID"] = "alice",
                    ["PLEXUM_MCP_TOKEN"] = ExecRecord
                        .Load(TurnDirectory.Of(new AgentDirectory(Daemon.Profile, alice), TurnId.Parse(turn)))!
                        .ToolToken,
                },
            }
        );
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

    private static Task<CallToolResult> CallAsync(McpClient relay, string id) =>
        relay
            .CallToolAsync(
                new CallToolRequestParams
                {
                    Name = "get",
                    Arguments = new Dictionary<string, JsonElement> { ["key"] = JsonDocument.Parse("\"k\"").RootElement },
                    Meta = new() { ["callId"] = id },
                }
            )
            .AsTask();

    private async Task<JsonObject> FirstCallAsync(string turn)
    {
        using var response = await Daemon.Api.OpenAsync($"/v1/turns/{turn}/tool-calls");
        await using var calls = SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync()).GetAsyncEnumerator();
        Assert.True(await calls.MoveNextAsync().WithinLimit());
        return calls.Current.Json;
    }

    private Task<ApiAnswer> AnswerAsync(string turn, string call) => Daemon.Api.AnswerAsync(turn, call, """{"content":"a value"}""");
}
