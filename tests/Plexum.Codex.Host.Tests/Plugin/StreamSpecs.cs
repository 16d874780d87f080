using System.Text.Json.Nodes;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin;

/// <summary>Turns through the plugin.</summary>
public sealed class StreamSpecs() : PluginTest("thread", "turn", "think hm", "command ls", "say ${prompt}", "completed 3 2")
{
    private const int Refused = -32000;
    private const int BadParams = -32602;

    [Fact]
    public async Task A_turn_is_accepted_and_then_tells_its_events_as_its_log_has_them()
    {
        var turn = await Host.StreamAsync(PlexumHost.Turn("hello 🦊", "alice", Workspace));
        var events = await Host.EndAsync(turn);

        var log = await Stage.Api.EventsAsync(turn);
        Assert.Equal(log.Select(e => JsonNode.Parse(e.Data)!.ToJsonString()), events.Select(e => e.ToJsonString()));
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => (int)e["seq"]!));
        Assert.Equal("hello 🦊", (string)events.Single(e => (string)e["type"]! == "text_delta")["text"]!);
        Assert.Equal(Path.GetFullPath(Workspace), Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]).Cwd);
    }

    [Fact]
    public async Task The_host_s_log_gets_what_the_Go_plugin_tells_it_of_a_turn()
    {
        await Host.EndAsync(await Host.StreamAsync(PlexumHost.Turn("hé", "alice", Workspace)));
        await Host.EndAsync(await Host.StreamAsync(PlexumHost.Turn("again", "alice", Workspace)));

        var spawning = Host.Logs.Where(line => (string)line["msg"]! == "codex: spawning CLI").ToList();
        Assert.Equal(2, spawning.Count);
        Assert.All(spawning, line => Assert.Equal("info", (string)line["level"]!));
        Assert.Equal(
            $$"""{"workspace":"{{Workspace}}","model":"codex","resume":"","prompt_len":3}""",
            spawning[0]["fields"]!.ToJsonString()
        );
        Assert.Matches("^[0-9a-f-]{36}$", (string)spawning[1]["fields"]!["resume"]!);
        var item = Host.Logs.First(line => (string)line["msg"]! == "codex item");
        Assert.Equal(("debug", "command_execution"), ((string)item["level"]!, (string)item["fields"]!["type"]!));
        Assert.DoesNotContain(Host.Logs, line => line.ToJsonString().Contains("hé", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_keeps_a_turn_from_starting_is_an_error_of_the_call_in_the_Go_plugin_s_words()
    {
        File.WriteAllText(Stage.Codex.File("file"), "");
        var nobody = PlexumHost.Turn("x", "alice", Workspace);
        nobody.Remove("agent");
        var nothing = PlexumHost.Turn("x", "alice", Workspace);
        nothing["request"] = new JsonObject { ["messages"] = new JsonArray() };
        const string NoWorkspace = "codex: agent workspace required (host must supply AgentContext)";

        Assert.Equal((Refused, NoWorkspace, "workspace_required"), await Host.FailAsync(PlexumMethods.Stream, nobody));
        Assert.Equal(
            (Refused, NoWorkspace, "workspace_required"),
            await Host.FailAsync(PlexumMethods.Stream, PlexumHost.Turn("x", "alice", ""))
        );
        Assert.Equal(
            (Refused, "codex: no user text in request messages", "no_user_text"),
            await Host.FailAsync(PlexumMethods.Stream, nothing)
        );
        var (code, message, reason) = await Host.FailAsync(
            PlexumMethods.Stream,
            PlexumHost.Turn("x", "alice", Stage.Codex.File("file/below"))
        );
        Assert.Equal((Refused, "workspace_not_writable"), (code, reason));
        Assert.StartsWith("mkdir workspace: ", message, StringComparison.Ordinal);
        Assert.Equal("unknown_turn", (await Host.FailAsync(PlexumMethods.Stream, new JsonObject { ["turn_id"] = "nobody" })).Reason);
    }

    [Theory]
    [InlineData("""{"agent":{"agent_id":"a b","workspace":"/w"},"request":{"messages":[]}}""", "agent_id: must be 1 to 64 letters")]
    [InlineData("""{"agent":{"workspace":"/w"},"request":{"messages":[]}}""", "agent_id: must be 1 to 64 letters")]
    [InlineData("""{"agent":{"agent_id":"a","workspace":"/w"}}""", "request: must be an object.")]
    [InlineData("""{"agent":{"agent_id":"a","workspace":"/w"},"request":{"messages":7}}""", "messages: must be a list; it is a number.")]
    [InlineData(
        """{"agent":{"agent_id":"a","workspace":"/w"},"model":[],"request":{"messages":[]}}""",
        "model: must be a string; it is a list."
    )]
    [InlineData("""{"agent":7}""", "agent: must be an object.")]
    [InlineData("""{"turn_id":"../.."}""", "turn_id: must be the id of a turn.")]
    [InlineData("""{"turn_id":"x","after_seq":-1}""", "after_seq: must be a whole number, 0 or more.")]
    [InlineData("""[]""", "params: must be an object.")]
    public async Task Params_that_cannot_be_understood_are_refused(string parameters, string message)
    {
        var error = await Host.FailAsync(PlexumMethods.Stream, JsonNode.Parse(parameters));

        Assert.Equal(BadParams, error.Code);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_is_the_same_turn_and_of_one_turn_there_is_one_stream()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            "say one",
            $"touch {Stage.Codex.File("runs")}",
            $"wait {Stage.Codex.File("go")}",
            "say two",
            "completed 1 1"
        );
        var request = PlexumHost.Turn("x", "alice", Workspace);
        request["idempotency_key"] = "k1";
        var turn = await Host.StreamAsync(request);
        var before = await Host.EventsToAsync(turn, "text_delta");
        await Stage.Codex.AppearsAsync("runs");

        var again = request.DeepClone().AsObject();
        again["after_seq"] = (int)before[^1]["seq"]!;
        Assert.Equal(turn, await Host.StreamAsync(again));
        var other = PlexumHost.Turn("y", "alice", Workspace);
        other["idempotency_key"] = "k1";
        Assert.Equal("idempotency_key_reused", (await Host.FailAsync(PlexumMethods.Stream, other)).Reason);
        Stage.Codex.Touch("go");
        var after = await Host.EndAsync(turn);

        Assert.Equal(Enumerable.Range(1, before.Count + after.Count), before.Concat(after).Select(e => (int)e["seq"]!));
        Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]);
    }

    [Fact]
    public async Task A_turn_is_cancelled_by_its_id_and_by_giving_up_the_request_for_it()
    {
        Stage.Codex.Script("thread", "turn", "touch " + Stage.Codex.File("${prompt}"), "hang");
        var byId = await Host.StreamAsync(PlexumHost.Turn("one", "alice", Workspace));
        var (request, answer) = await Host.BeginAsync(PlexumMethods.Stream, PlexumHost.Turn("two", "bob", Stage.Codex.File("bob")));
        await Stage.Codex.AppearsAsync("one");

        var outcome = await Host.CallAsync(PlexumMethods.Cancel, new JsonObject { ["turn_id"] = byId });
        await Host.NotifyAsync("notifications/cancelled", new JsonObject { ["requestId"] = request });

        Assert.Equal("stopping", (string)outcome["outcome"]!);
        Assert.Equal("cancelled", (string)(await Host.EndAsync(byId))[^1]["stop_reason"]!);
        var byRequest = (string)(await answer)["result"]!["turn_id"]!;
        Assert.Equal("cancelled", (string)(await Host.EndAsync(byRequest))[^1]["stop_reason"]!);
        Assert.Equal("ended", await CancelEndedAsync(byId));
        Assert.Equal("unknown_turn", (await Host.FailAsync(PlexumMethods.Cancel, new JsonObject { ["turn_id"] = "nobody" })).Reason);
    }

    /// <summary>What a cancel says once the turn, whose last event was read, is settled.</summary>
    private async Task<string> CancelEndedAsync(string turn)
    {
        var outcome = "";
        await Limits.UntilAsync(async () =>
            (outcome = (string)(await Host.CallAsync(PlexumMethods.Cancel, new JsonObject { ["turn_id"] = turn }))["outcome"]!) != "ending"
        );
        return outcome;
    }

    [Fact]
    public async Task Twenty_agents_at_once_each_get_their_own_events_in_order()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            "flood 200 {\"type\":\"item.completed\",\"item\":{\"id\":\"i${n}\",\"type\":\"agent_message\",\"text\":\"${prompt} ${n}\"}}",
            "completed 1 1"
        );

        await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async agent =>
                {
                    var turn = await Host.StreamAsync(PlexumHost.Turn($"t{agent}", $"agent{agent}", Stage.Codex.File($"w{agent}")));
                    var events = await Host.EndAsync(turn);
                    Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => (int)e["seq"]!));
                    Assert.Equal(
                        Enumerable.Range(1, 200).Select(n => $"t{agent} {n}"),
                        events.Where(e => (string)e["type"]! == "text_delta").Select(e => (string)e["text"]!)
                    );
                })
        );
    }

    [Fact]
    public async Task A_host_that_does_not_read_loses_nothing_and_nothing_is_read_ahead_of_it()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            "flood 5000 {\"type\":\"item.completed\",\"item\":{\"id\":\"i${n}\",\"type\":\"agent_message\",\"text\":\""
                + new string('x', 1000)
                + "${n}\"}}",
            "completed 1 1"
        );
        var slow = Begin(hostReads: false);
        var (_, answer) = await slow.Host.BeginAsync(PlexumMethods.Stream, PlexumHost.Turn("x", "alice", Workspace));
        await Limits.UntilAsync(async () => (await Stage.Api.GetAsync("/v1/turns?state=ended")).Json["turns"]!.AsArray().Count == 1);

        slow.Host.Read();
        var turn = (string)(await answer)["result"]!["turn_id"]!;
        var events = await slow.Host.EndAsync(turn);

        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => (int)e["seq"]!));
        Assert.Equal(5000, events.Count(e => (string)e["type"]! == "text_delta"));
    }

    [Fact]
    public async Task A_daemon_that_is_started_anew_is_not_noticed()
    {
        Stage.Codex.Script("thread", "turn", "say one", $"wait {Stage.Codex.File("go")}", "say two", "completed 1 1");
        var turn = await Host.StreamAsync(PlexumHost.Turn("x", "alice", Workspace));
        var events = await Host.EventsToAsync(turn, "text_delta");

        await Stage.StopHostAsync();
        await Stage.StartHostAsync();
        Stage.Codex.Touch("go");
        events.AddRange(await Host.EndAsync(turn));

        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => (int)e["seq"]!));
        Assert.Equal(["one", "two"], events.Where(e => (string)e["type"]! == "text_delta").Select(e => (string)e["text"]!));
    }
}
