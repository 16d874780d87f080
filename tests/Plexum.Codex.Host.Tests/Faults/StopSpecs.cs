using System.Collections.Concurrent;
using System.Text;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Faults;

/// <summary>The daemon goes in the middle of something.</summary>
public sealed class StopSpecs() : DaemonProcessTest("thread", "turn", "say ${prompt}", "completed 1 1")
{
    [Fact]
    public async Task A_submission_of_which_half_has_come_is_cut_off_by_a_stop_and_nothing_of_it_stays()
    {
        await Daemon.StartAsync();
        using var socket = await Daemon.Api.ConnectAsync();
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
                "POST /v1/agents/alice/turns HTTP/1.1\r\nHost: plexum\r\n"
                    + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"messages\":["
            )
        );

        await Daemon.StopAsync();
        await Daemon.StartAsync();

        Assert.Empty((await Daemon.Api.JsonAsync("/v1/turns"))["turns"]!.AsArray());
        (await Daemon.Api.GetAsync("/v1/agents/alice")).Problem(404, "unknown_agent");
        Assert.Empty(Stage.Turns);
    }

    [Theory]
    [InlineData(ProcessSignal.Terminate)]
    [InlineData(ProcessSignal.Kill)]
    public async Task Whatever_was_accepted_while_the_daemon_went_runs_once_and_nothing_else_does(ProcessSignal signal)
    {
        await Daemon.StartAsync("turns.max-running=2");
        var accepted = new ConcurrentDictionary<string, string>();
        var went = new TaskCompletionSource();
        var clients = Enumerable.Range(0, 8).Select(client => SubmitUntilItGoesAsync(client, accepted, went)).ToArray();
        await went.Task.WithinLimit();

        Daemon.Signal(signal);
        var lost = await Task.WhenAll(clients);
        await Daemon.EndsAsync();
        await Daemon.StartAsync("turns.max-running=4");

        foreach (var key in lost)
        {
            var (agent, text) = (key.Split('-')[0], key);
            accepted[key] = await Daemon.Api.SubmitAsync(text, agent, key);
        }

        foreach (var (key, turn) in accepted)
        {
            Assert.Equal(turn, await Daemon.Api.SubmitAsync(key, key.Split('-')[0], key));
            await Daemon.Api.EndedAsync(turn);
            Assert.Equal("end_turn", (string)(await Daemon.Api.JsonAsync($"/v1/turns/{turn}"))["stop_reason"]!);
        }

        Assert.Equal(accepted.Keys.Order(StringComparer.Ordinal), Stage.Turns.Select(call => call.Prompt).Order(StringComparer.Ordinal));
    }

    // Returns the key of the request that had no answer, or was refused because the daemon stops.
    private async Task<string> SubmitUntilItGoesAsync(int client, ConcurrentDictionary<string, string> accepted, TaskCompletionSource went)
    {
        for (var number = 0; ; number++)
        {
            var key = $"c{client}-{number}";
            try
            {
                var answer = await Daemon.Api.TrySubmitAsync(key, $"c{client}", key);
                if (answer.Status != 202)
                {
                    Assert.Equal(503, answer.Status);
                    return key;
                }

                accepted[key] = (string)answer.Json["turn_id"]!;
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return key;
            }

            if (accepted.Count >= 24)
            {
                went.TrySetResult();
            }
        }
    }
}
