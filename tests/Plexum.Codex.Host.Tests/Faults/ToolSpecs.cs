using System.Net.Sockets;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Faults;

/// <summary>The daemon is killed while codex waits for a tool of the host's. The relays are real ones, started as codex does.</summary>
public sealed class ToolSpecs : DaemonProcessTest
{
    [Fact]
    public async Task A_call_under_way_ends_with_the_daemon_and_a_relay_that_comes_after_the_restart_is_served()
    {
        Stage.Script(
            "thread",
            "turn",
            $"relay {Stage.File("relay")}",
            $"touch {Stage.File("runs")}",
            $"wait {Stage.File("go")}",
            "say done",
            "completed 1 1"
        );
        await Daemon.StartAsync();
        var turn = await Daemon.Api.SubmitAsync("hello", change: DaemonApi.WithTool);
        await Stage.AppearsAsync("runs");
        await using (var codex = await CodexInPlace.ConnectAsync(Stage.File("relay"), turn))
        {
            var cut = codex.CallAsync("call_1");
            Assert.Equal("call_1", (string)(await FirstCallAsync(turn))["call_id"]!);

            await Daemon.KillAsync();

            await Assert.ThrowsAnyAsync<Exception>(() => cut.WithinLimit());
            Assert.False(cut.IsCanceled);
            await codex.Client.Completion.WithinLimit();
        }

        await Daemon.StartAsync();
        await ListensAsync();
        await using var later = await CodexInPlace.ConnectAsync(Stage.File("relay"), turn);
        var served = later.CallAsync("call_2");
        var call = await FirstCallAsync(turn);
        Assert.Equal(("call_2", "[1]"), ((string)call["call_id"]!, call["arguments"]!["key"]!.ToJsonString()));
        Assert.Equal(404, (await AnswerAsync(turn, "call_1")).Status);
        Assert.Equal(204, (await AnswerAsync(turn, "call_2")).Status);
        Assert.Equal("a value", Assert.IsType<TextContentBlock>(Assert.Single((await served.WithinLimit()).Content)).Text);

        Stage.Touch("go");
        var events = await Daemon.Api.EventsAsync(turn);
        Assert.Equal("end_turn", (string)events[^1].Json["stop_reason"]!);
        Assert.Single(Stage.Turns);
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

    private async Task<JsonObject> FirstCallAsync(string turn)
    {
        using var response = await Daemon.Api.OpenAsync($"/v1/turns/{turn}/tool-calls");
        await using var calls = SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync()).GetAsyncEnumerator();
        Assert.True(await calls.MoveNextAsync().WithinLimit());
        return calls.Current.Json;
    }

    private Task<ApiAnswer> AnswerAsync(string turn, string call) => Daemon.Api.AnswerAsync(turn, call, """{"content":"a value"}""");
}
