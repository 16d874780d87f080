using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Faults;

/// <summary>The daemon is killed while it changes what is kept.</summary>
public sealed class KillSpecs : DaemonProcessTest
{
    [Fact]
    public async Task F3_A_consume_that_a_kill_cuts_off_leaves_a_whole_rollout_and_is_carried_out_when_it_is_asked_for_again()
    {
        const int Calls = 200;
        var output = new string('o', 20_000);
        Stage.Script([
            "[fresh]",
            "thread",
            "turn",
            .. Enumerable
                .Range(0, Calls)
                .SelectMany(call =>
                    new[]
                    {
                        """rollout {"type":"response_item","payload":"""
                            + $$$"""{"type":"function_call","name":"f","arguments":"{}","call_id":"call_{{{call}}}"}}""",
                        """rollout {"type":"response_item","payload":"""
                            + $$$"""{"type":"function_call_output","call_id":"call_{{{call}}}","output":"{{{output}}}"}}""",
                    }
                ),
            "completed 1 1",
            "[resume]",
            "require-rollout",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1",
        ]);
        await Daemon.StartAsync();
        await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("1"));
        var rollout = Assert.Single(Directory.GetFiles(Path.Combine(Stage.CodexHome, "sessions"), "*.jsonl", SearchOption.AllDirectories));
        var (length, lines) = (new FileInfo(rollout).Length, File.ReadAllLines(rollout).Length);
        var calls = Enumerable.Range(0, Calls).Select(call => $"call_{call}");

        // From here on the rewriting is under way; how far it has got is chance.
        var cut = Daemon.Api.ConsumeAsync("alice", calls);
        Assert.True(
            SpinWait.SpinUntil(() => cut.IsCompleted || Directory.GetFiles(Path.GetDirectoryName(rollout)!).Length > 1, Limits.Wait)
        );
        await Daemon.KillAsync();
        await Task.WhenAny(cut);
        Assert.Equal((length, lines), (new FileInfo(rollout).Length, File.ReadAllLines(rollout).Length));
        await Daemon.StartAsync();

        var answer = await Daemon.Api.ConsumeAsync("alice", calls);
        Assert.True(answer.Status == 200, answer.ToString());
        Assert.Equal((length, lines), (new FileInfo(rollout).Length, File.ReadAllLines(rollout).Length));
        Assert.DoesNotContain(output, File.ReadAllText(rollout), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(rollout)!));
        Assert.Equal("end_turn", (string)(await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("2")))[^1].Json["stop_reason"]!);
        Assert.Equal("resume", Stage.Turns[^1].Argv[1]);
    }

    [Fact]
    public async Task A_kill_while_old_files_are_removed_costs_nothing_but_them_and_the_next_round_finishes()
    {
        const int Old = 150;
        await Daemon.StartAsync();
        await Daemon.StopAsync();
        await FillAsync(Old);
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
        Assert.Equal(Old, Left());

        await Daemon.StartAsync();
        await Limits.UntilAsync(() => Left() < Old);
        await Daemon.KillAsync();
        await Daemon.StartAsync();
        var turn = await Daemon.Api.SubmitAsync("x", "bob");
        await Stage.AppearsAsync("ready");

        await Limits.UntilAsync(() => Left() == 0);
        var agent = (await Daemon.Api.JsonAsync("/v1/agents/alice"));
        Assert.Equal((Old, Old), ((int)agent["ended"]!, (int)agent["usage"]!["input_tokens"]!));
        await Daemon.Api.UntilAsync("/v1/turns?agent=alice&limit=500", json =>
            json["turns"]!.AsArray().All(old => !(bool)old!["events_kept"]!)
        );
        Stage.Touch("go");
        Assert.Equal("end_turn", (string)(await Daemon.Api.EventsAsync(turn))[^1].Json["stop_reason"]!);
    }

    private int Left() => Directory.Exists(AliceTurns) ? Directory.GetDirectories(AliceTurns).Length : 0;

    private string AliceTurns => Path.Combine(Daemon.Profile, "agents", "alice", "turns");

    // Turns of long ago, as an earlier run would have left them.
    private async Task FillAsync(int count)
    {
        var (agent, then) = (AgentId.Parse("alice"), DateTimeOffset.UtcNow.AddDays(-100));
        await using var ledger = await SqliteLedger.OpenAsync(Path.Combine(Daemon.Profile, "ledger.db"), TimeProvider.System, _ => { });
        foreach (var turn in Enumerable.Range(0, count).Select(_ => TurnId.New(TimeProvider.System)))
        {
            await ledger.AcceptAsync(turn, new TurnRequest(agent, "/nowhere", null, [TurnMessage.User("x")]), null, then);
            ledger.Ended(turn, new TurnOutcome(then, StopReason.EndTurn, new Usage(1, 1, 0, 0)));
            var directory = TurnDirectory.Create(new AgentDirectory(Daemon.Profile, agent), turn);
            new ExecRecord
            {
                TurnId = turn.Value,
                AgentId = agent.Value,
                Workspace = "/nowhere",
                StartedAt = then,
                Settled = true,
            }.Save(directory);
            File.WriteAllText(directory.EventsFile, """{"seq":1,"type":"message_end"}""" + "\n");
            foreach (var name in new[] { "stdout.jsonl", "stderr.log", "prompt.md" })
            {
                File.WriteAllText(Path.Combine(directory.Root, name), "x");
            }
        }

        await ledger.FlushAsync();
    }
}
