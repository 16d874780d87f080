using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Faults;

public sealed class ManyTurnsSpecs() : DaemonProcessTest("wait ${cwd}/../../../../go")
{
    private const int Agents = 50;
    private const int Each = 200;
    private const int Connections = 50;

    [Fact]
    public async Task Ten_thousand_turns_that_wait_are_all_there_in_their_order_after_the_daemon_was_killed()
    {
        await Daemon.StartAsync("turns.max-running=2");
        var submitted = new string[Agents][];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Agents),
            new ParallelOptions { MaxDegreeOfParallelism = Connections },
            async (agent, _) =>
            {
                submitted[agent] = new string[Each];
                for (var turn = 0; turn < Each; turn++)
                {
                    submitted[agent][turn] = await Daemon.Api.SubmitAsync("x", $"agent-{agent}");
                }
            }
        );
        await Limits.UntilAsync(() => Stage.Turns.Count == 2);
        var memory = ProcessProbe.ResidentBytesOf(Daemon.Id);

        await Daemon.KillAsync();
        await Daemon.StartAsync("turns.max-running=2");

        for (var agent = 0; agent < Agents; agent++)
        {
            var known = (await Daemon.Api.JsonAsync($"/v1/agents/agent-{agent}"));
            var ids = known["queued_turns"]!.AsArray().Select(id => (string)id!);
            Assert.Equal(submitted[agent], known["running_turn"] is { } running ? ids.Prepend((string)running!) : ids);
        }

        Assert.Equal(submitted.SelectMany(turns => turns).Order(), (await AllAsync()).Order());
        var agents = (await Daemon.Api.JsonAsync("/v1/agents?limit=500"))["agents"]!.AsArray();
        Assert.Equal(Agents * Each, agents.Sum(agent => (int)agent!["queued"]! + (int)agent["running"]!));
        Assert.Equal(2, Stage.Turns.Count);
        Assert.InRange(memory, 0, 500L << 20);
        Assert.InRange(ProcessProbe.ResidentBytesOf(Daemon.Id), 0, 500L << 20);
    }

    private async Task<List<string>> AllAsync()
    {
        var all = new List<string>();
        JsonNode? next = null;
        do
        {
            var page = (await Daemon.Api.JsonAsync($"/v1/turns?limit=500{(next is null ? "" : $"&before={next}")}"));
            all.AddRange(page["turns"]!.AsArray().Select(turn => (string)turn!["turn_id"]!));
            next = page["next"];
        } while (next is not null);
        return all;
    }
}
