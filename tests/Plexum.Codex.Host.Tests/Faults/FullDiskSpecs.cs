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
        refused.Problem(503, "profile_unwritable");
        Assert.Contains("No space left on device.", (string)refused.Json["detail"]!, StringComparison.Ordinal);
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
            Assert.Equal((string)events[^2].Json["code"]!, (string)ended["error"]!["code"]!);
            Assert.Equal((string)events[^2].Json["message"]!, (string)ended["error"]!["message"]!);
            Assert.Equal((int)events[^1].Json["usage"]!["input_tokens"]!, (int)ended["usage"]!["input_tokens"]!);
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

    [MountFact]
    public async Task On_a_full_disk_every_check_says_so_at_once_and_all_is_well_again_when_there_is_space()
    {
        Stage.Script("thread", "turn", "say ${prompt}", "completed 1 1");
        Stage["PLEXUM_API_SOCKET"] = Daemon.Api.SocketPath;
        Daemon.Before = SmallDisk;
        await Daemon.StartAsync("problems.min-room=0");
        Assert.Empty((await Daemon.Api.JsonAsync("/v1/problems"))["problems"]!.AsArray());
        Fill();

        // Whether the ledger could take the turn does not count, nor that a write has just succeeded.
        (await Daemon.Api.TrySubmitAsync("too late")).Problem(503, "profile_unwritable");

        // It looks once a second at most.
        await Limits.UntilAsync(async () => !await Daemon.Api.IsReadyAsync());
        (await Daemon.Api.GetAsync("/readyz")).Problem(503, "profile_unwritable");
        Assert.Equal(200, (await Daemon.Api.GetAsync("/healthz")).Status);
        (await Daemon.Api.TrySubmitAsync("refused")).Problem(503, "profile_unwritable");
        foreach (var path in new[] { "/v1/problems", "/v1/status" })
        {
            var problem = (await Daemon.Api.JsonAsync(path))["problems"]!
                .AsArray()
                .Single(p => (string)p!["code"]! == "profile_unwritable")!;
            Assert.Contains(Daemon.Profile, (string)problem["message"]!, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace((string)problem["remedy"]!));
            Assert.InRange((DateTimeOffset)problem["since"]!, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));
        }

        var (submit, _, errors) = await Stage.RunAsync("submit", "--agent", "alice", "hello");
        Assert.Equal(1, submit);
        Assert.Contains("cannot be written", errors, StringComparison.Ordinal);
        var (status, output, _) = await Stage.RunAsync("status");
        Assert.Equal(0, status);
        Assert.Contains("accepts no turns: profile_unwritable", output, StringComparison.Ordinal);
        Assert.False((bool)(await Daemon.Api.JsonAsync("/v1/status"))["ready"]!);

        File.Delete(Daemon.Seen("filler"));
        Assert.Equal("end_turn", (await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("accepted"))).StopReason());
        await Daemon.Api.UntilAsync("/v1/problems", json => json["problems"]!.AsArray().Count == 0);
        Assert.True((bool)(await Daemon.Api.JsonAsync("/v1/status"))["ready"]!);
        Assert.Equal(200, (await Daemon.Api.GetAsync("/readyz")).Status);
    }

    [Fact]
    public async Task A_turn_whose_end_cannot_be_written_ends_everywhere_in_the_same_way_and_its_tokens_count()
    {
        await using var stage = new DaemonStage(
            "thread",
            "turn",
            "say begin",
            "touch ${cwd}/../ready",
            "wait ${cwd}/../go",
            "completed 100 10"
        );
        var turn = await FillTheDiskOfATurnAsync(stage);
        var first = await stage.Api.EventsAsync(turn);
        await stage.StopHostAsync();
        await stage.StartHostAsync();
        var second = await stage.Api.EventsAsync(turn);

        Assert.Equal(["message_start", "text_delta", "error", "message_end"], first.Types());
        Assert.Equal(first.Select(e => (e.Id, e.Data)), second.Select(e => (e.Id, e.Data)));
        Assert.Equal("log_unwritable", (string)first[2].Json["code"]!);
        Assert.Equal((100, 10), TokensOf(first[3].Json));
        var ended = await stage.Api.TurnAsync(turn);
        Assert.Equal(("error", "log_unwritable"), ((string)ended["stop_reason"]!, (string)ended["error"]!["code"]!));
        Assert.Equal((100, 10), TokensOf(ended));
        Assert.Equal((100, 10), TokensOf((await stage.Api.JsonAsync("/v1/usage"))["days"]![0]!.AsObject()));
        Assert.Equal((100, 10), TokensOf(await stage.Api.AgentAsync()));
    }

    [Fact]
    public async Task The_tokens_of_a_turn_that_codex_did_not_finish_count_although_its_calls_cannot_be_written()
    {
        await using var stage = new DaemonStage(
            "thread",
            "turn",
            """rollout {"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"call_1"}}""",
            """rollout {"type":"event_msg","payload":{"type":"token_count","info":"""
                + """{"total_token_usage":{"input_tokens":100,"output_tokens":20}}}}""",
            "say begin",
            "touch ${cwd}/../ready",
            "wait ${cwd}/../go",
            "exit 1"
        );
        var turn = await FillTheDiskOfATurnAsync(stage);
        var events = await stage.Api.EventsAsync(turn);

        Assert.Equal("codex_exited", (string)events[^2].Json["code"]!);
        Assert.Equal((100, 20), TokensOf(events[^1].Json));
        Assert.Equal((100, 20), TokensOf(await stage.Api.EndedAsync(turn)));
        Assert.Equal((100, 20), TokensOf((await stage.Api.JsonAsync("/v1/usage"))["days"]![0]!.AsObject()));
    }

    // The turn has told one thing, and goes on once nothing more can be written into its log.
    private static async Task<string> FillTheDiskOfATurnAsync(DaemonStage stage)
    {
        await stage.StartHostAsync();
        var turn = await stage.Api.SubmitAsync("first");
        var log = stage.Host.Context.EventsFile(AgentId.Parse("alice"), TurnId.Parse(turn));
        var place = Path.Combine(stage.Profile.Agents, "alice");
        await Limits.UntilAsync(() => File.Exists(Path.Combine(place, "ready")) && File.ReadAllLines(log).Length == 2);
        FullDisk.Fill(log);
        File.WriteAllText(Path.Combine(place, "go"), "");
        return turn;
    }

    private static (int Input, int Output) TokensOf(System.Text.Json.Nodes.JsonObject json) =>
        ((int)json["usage"]!["input_tokens"]!, (int)json["usage"]!["output_tokens"]!);

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
