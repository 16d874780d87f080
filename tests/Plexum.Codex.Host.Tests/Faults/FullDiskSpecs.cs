using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Faults;

public sealed class FullDiskSpecs : DaemonProcessTest
{
    private const string SmallDisk = "mount -t tmpfs -o size=6m,mode=700 tmpfs \"$PLEXUM_PROFILE_ROOT\"";

    [MountFact]
    public async Task On_a_full_disk_turns_are_refused_or_end_with_an_error_and_those_that_come_when_there_is_space_run()
    {
        Stage.Script(
            "[prompt first]",
            "thread",
            "turn",
            "say begin",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "flood 500 {\"type\":\"item.completed\",\"item\":{\"id\":\"i${n}\",\"type\":\"agent_message\",\"text\":\"text ${n}\"}}",
            "completed 1 1",
            "[else]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        Daemon.Before = SmallDisk;
        await Daemon.StartAsync();
        var running = await Daemon.Api.SubmitAsync("first", key: "first");
        var waiting = await Daemon.Api.SubmitAsync("second", key: "second");
        await Stage.AppearsAsync("ready");
        var reading = Daemon.Api.EventsAsync(running);
        Fill();

        var refused = await Daemon.Api.TrySubmitAsync("third", key: "third");
        Assert.Contains("is full", refused.Problem(503, "ledger_unavailable"), StringComparison.Ordinal);
        Stage.Touch("go");
        await Daemon.Api.UntilAsync("/v1/agents/alice", json => (string)json["state"]! == "idle");
        Assert.Equal(200, (await Daemon.Api.GetAsync("/healthz")).Status);
        File.Delete(Daemon.Seen("filler"));

        foreach (var (turn, events) in new[] { (running, await reading), (waiting, await Daemon.Api.EventsAsync(waiting)) })
        {
            Assert.Equal(["error", "message_end"], events.Select(e => e.Type).TakeLast(2));
            Assert.Equal(Enumerable.Range(1, events.Count).Select(id => $"{id}"), events.Select(e => e.Id));
            Assert.False(string.IsNullOrWhiteSpace((string)events[^2].Json["message"]!));
            await Daemon.Api.EndedAsync(turn);
            var ended = (await Daemon.Api.JsonAsync($"/v1/turns/{turn}"));
            Assert.Equal("error", (string)ended["stop_reason"]!);
            Assert.NotNull(ended["error"]);
        }

        var third = await Daemon.Api.SubmitAsync("third", key: "third");
        Assert.Equal("end_turn", (string)(await Daemon.Api.EventsAsync(third))[^1].Json["stop_reason"]!);
        Assert.Equal(waiting, await Daemon.Api.SubmitAsync("second", key: "second"));
        Assert.Equal(["first", "third"], Stage.Turns.Select(call => call.Prompt));
        var agent = (await Daemon.Api.JsonAsync("/v1/agents/alice"));
        Assert.Equal((0, 0, 3, 2), ((int)agent["queued"]!, (int)agent["running"]!, (int)agent["ended"]!, (int)agent["failed"]!));
    }

    [Fact]
    public async Task A_turn_whose_events_cannot_be_written_any_more_is_stopped_and_told_of_and_the_next_one_runs()
    {
        await using var stage = new DaemonStage(
            "[prompt first]",
            "thread",
            "turn",
            "say begin",
            "touch ${cwd}/../ready",
            "wait ${cwd}/../go",
            "say more",
            "hang",
            "[else]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        await stage.StartHostAsync();
        var turn = await stage.Api.SubmitAsync("first");
        var next = await stage.Api.SubmitAsync("second");
        var log = stage.Host.Context.EventsFile(AgentId.Parse("alice"), TurnId.Parse(turn));
        var place = Path.Combine(stage.Profile.Agents, "alice");
        await Limits.UntilAsync(() => File.Exists(Path.Combine(place, "ready")) && File.ReadAllLines(log).Length == 2);
        var reading = stage.Api.EventsAsync(turn);

        FullDisk.Fill(log);
        File.WriteAllText(Path.Combine(place, "go"), "");

        var events = await reading;
        Assert.Equal(["message_start", "text_delta", "error", "message_end"], events.Select(e => e.Type));
        Assert.Contains("No space left", (string)events[2].Json["message"]!, StringComparison.Ordinal);
        Assert.Equal("end_turn", (string)(await stage.Api.EventsAsync(next))[^1].Json["stop_reason"]!);
        Assert.Equal("error", (string)(await stage.Api.GetAsync($"/v1/turns/{turn}")).Json["stop_reason"]!);
        Assert.Equal(2, stage.Codex.Calls.Count(call => call.Argv is ["exec", ..]));
    }

    private void Fill()
    {
        using var filler = File.Create(Daemon.Seen("filler"), 1);
        var page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }
}
