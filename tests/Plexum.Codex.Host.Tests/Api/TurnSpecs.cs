using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Host.Api;

public sealed class TurnSpecs() : DaemonTest("thread", "turn", "say ${prompt}", "completed 100 10 40 5")
{
    private const string Hello = """{"messages":[{"role":"user","content":"hello"}]}""";

    [Fact]
    public async Task A_turn_is_accepted_runs_and_can_be_looked_at()
    {
        await Stage.StartHostAsync();

        var accepted = await Stage.Api.PostAsync("/v1/agents/alice/turns", Hello);
        Assert.Equal(202, accepted.Status);
        var turn = (string)accepted.Json["turn_id"]!;
        Assert.Equal(("alice", 0), ((string)accepted.Json["agent_id"]!, (int)accepted.Json["position"]!));
        Assert.Equal($"/v1/turns/{turn}", accepted.Headers["Location"]);
        var events = await Stage.Api.EventsAsync(turn);

        Assert.Equal(["message_start", "text_delta", "message_end"], events.Select(e => e.Type));
        Assert.Equal(["1", "2", "3"], events.Select(e => e.Id));
        Assert.All(events, e => Assert.Equal((e.Id, e.Type), (e.Json["seq"]!.ToString(), (string)e.Json["type"]!)));
        Assert.Equal("hello", (string)events[1].Json["text"]!);
        var document = await EndedAsync(turn);
        Assert.Equal(
            ("ended", "end_turn", "alice"),
            ((string)document["state"]!, (string)document["stop_reason"]!, (string)document["agent_id"]!)
        );
        Assert.Equal(100, (int)document["usage"]!["input_tokens"]!);
        Assert.Equal((string)events[^1].Json["thread_id"]!, (string)document["thread_id"]!);
        Assert.Null(document["error"]);
    }

    [Fact]
    public async Task What_a_request_says_of_how_codex_works_reaches_codex_and_what_cannot_be_is_refused()
    {
        await Stage.StartHostAsync();
        const string Options = """
            {"backend":"exec","effort":"low","developer_instructions":"Be brief.","output_schema":{"type":"object"},
            """;

        var accepted = await Stage.Api.PostAsync("/v1/agents/alice/turns", Options + Hello[1..]);
        await Stage.Api.EventsAsync((string)accepted.Json["turn_id"]!);
        var refused = await Stage.Api.PostAsync("/v1/agents/alice/turns", """{"backend":"warm",""" + Hello[1..]);

        var arguments = Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]).Argv;
        Assert.Contains("model_reasoning_effort=\"low\"", arguments);
        Assert.Contains("developer_instructions=\"Be brief.\"", arguments);
        Assert.Contains("--output-schema", arguments);
        Assert.Contains("auto, exec, app-server", refused.Body, StringComparison.Ordinal);
        Assert.Equal(400, refused.Status);
    }

    [Fact]
    public async Task A_client_that_takes_events_gets_them_at_once()
    {
        await Stage.StartHostAsync();

        var answer = await Stage.Api.PostAsync("/v1/agents/alice/turns", Hello, request =>
            request.Headers.Accept.ParseAdd("text/event-stream, application/json;q=0.5")
        );
        var events = await SseEvent.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(answer.Body)));

        Assert.Equal(["message_start", "text_delta", "message_end"], events.Select(e => e.Type));
        Assert.Equal((string)events[0].Json["turn_id"]!, answer.Headers["Turn-Id"]);
    }

    [Fact]
    public async Task T6_A_request_that_is_repeated_with_its_idempotency_key_gets_the_first_turn_and_another_one_is_refused()
    {
        await Stage.StartHostAsync();
        const string Body = """{"idempotency_key":"k-1","messages":[{"role":"user","content":"once"}]}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Stage.Api.PostAsync("/v1/agents/alice/turns", Body)));
        await Stage.Api.EventsAsync((string)answers[0].Json["turn_id"]!);
        var late = await Stage.Api.PostAsync("/v1/agents/alice/turns", Body);
        var other = await Stage.Api.PostAsync("/v1/agents/alice/turns", Body.Replace("once", "twice", StringComparison.Ordinal));

        Assert.All(answers.Append(late), answer => Assert.Equal(202, answer.Status));
        var turn = Assert.Single(answers.Append(late).Select(answer => (string)answer.Json["turn_id"]!).Distinct());
        Assert.Contains(turn, other.Problem(409, "idempotency_key_reused"), StringComparison.Ordinal);
        Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]);
    }

    [Fact]
    public async Task Turns_and_agents_are_listed_in_pages()
    {
        await Stage.StartHostAsync();
        var turns = new List<string>();
        foreach (var agent in new[] { "bob", "alice", "carol", "bob" })
        {
            turns.Add(await Stage.Api.SubmitAsync("x", agent));
            await EndedAsync(turns[^1]);
        }

        var first = (await Stage.Api.GetAsync("/v1/turns?limit=3")).Json;
        var second = (await Stage.Api.GetAsync($"/v1/turns?limit=3&before={first["next"]}")).Json;
        var bobs = (await Stage.Api.GetAsync("/v1/turns?agent=bob&state=ended")).Json;
        var agents = (await Stage.Api.GetAsync("/v1/agents?limit=2")).Json;
        var rest = (await Stage.Api.GetAsync($"/v1/agents?limit=2&after={agents["next"]}")).Json;

        Assert.Equal(turns.AsEnumerable().Reverse(), Names(first["turns"]!, "turn_id").Concat(Names(second["turns"]!, "turn_id")));
        Assert.Null(second["next"]);
        Assert.Equal([turns[3], turns[0]], Names(bobs["turns"]!, "turn_id"));
        Assert.Equal(["alice", "bob"], Names(agents["agents"]!, "agent_id"));
        Assert.Equal(["carol"], Names(rest["agents"]!, "agent_id"));
        Assert.Null(rest["next"]);
        Assert.Empty(Names((await Stage.Api.GetAsync("/v1/turns?state=queued")).Json["turns"]!, "turn_id"));
    }

    [Fact]
    public async Task An_agent_tells_what_it_does_and_what_it_used()
    {
        Stage.Codex.Script("touch " + Stage.Codex.File("ready"), "wait " + Stage.Codex.File("go"), "thread", "turn", "completed 7 3");
        await Stage.StartHostAsync();
        var running = await Stage.Api.SubmitAsync("1");
        await Stage.Codex.AppearsAsync("ready");
        var waiting = await Stage.Api.SubmitAsync("2");

        var busy = (await Stage.Api.GetAsync("/v1/agents/alice")).Json;
        var all = (await Stage.Api.GetAsync("/v1/status")).Json["turns"]!;
        Stage.Codex.Touch("go");
        await EndedAsync(waiting);
        var idle = (await Stage.Api.GetAsync("/v1/agents/alice")).Json;

        Assert.Equal(("running", running), ((string)busy["state"]!, (string)busy["running_turn"]!));
        Assert.Equal([waiting], busy["queued_turns"]!.AsArray().Select(id => (string)id!));
        Assert.Equal((1, 1, 0), ((int)busy["queued"]!, (int)busy["running"]!, (int)busy["ended"]!));
        Assert.Equal((1, 1), ((int)all["queued"]!, (int)all["running"]!));
        Assert.Equal(("idle", 2), ((string)idle["state"]!, (int)idle["ended"]!));
        Assert.NotNull(idle["thread_id"]);
        var today = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var usage = (await Stage.Api.GetAsync("/v1/usage?agent=alice")).Json;
        Assert.Equal(today, (string)usage["to"]!);
        Assert.Equal(2, usage["days"]!.AsArray().Sum(day => (int)day!["turns"]!));
        Assert.Equal((int)idle["usage"]!["input_tokens"]!, usage["days"]!.AsArray().Sum(day => (int)day!["usage"]!["input_tokens"]!));
    }

    [Fact]
    public async Task C1_A_cancel_is_answered_with_what_really_happened()
    {
        Stage.Codex.Script("touch " + Stage.Codex.File("ready"), "hang");
        await Stage.StartHostAsync();
        var running = await Stage.Api.SubmitAsync("1");
        await Stage.Codex.AppearsAsync("ready");
        var waiting = await Stage.Api.SubmitAsync("2");

        Assert.Equal("dequeued", await CancelAsync(waiting));
        Assert.Equal("ended", await CancelAsync(waiting));
        Assert.Equal("stopping", await CancelAsync(running, "{}"));
        Assert.Contains(await CancelAsync(running, """{"force":true}"""), new[] { "killed", "ending", "ended" });
        Assert.Equal("cancelled", (string)(await EndedAsync(running))["stop_reason"]!);
        Assert.Equal("cancelled", (string)(await EndedAsync(waiting))["stop_reason"]!);
        Assert.Equal("ended", await CancelAsync(running));
        Assert.Equal("message_end", (await Stage.Api.EventsAsync(waiting))[^1].Type);
    }

    [Fact]
    public async Task A_turn_beyond_the_queue_s_limit_is_refused_with_a_time_to_try_again()
    {
        Stage.Codex.Script("touch " + Stage.Codex.File("ready"), "hang");
        Stage.Settings = Stage.Settings with { Agents = Stage.Settings.Agents with { QueueLimit = 1 } };
        await Stage.StartHostAsync();
        await Stage.Api.SubmitAsync("1");
        await Stage.Codex.AppearsAsync("ready");
        await Stage.Api.SubmitAsync("2");

        var refused = await Stage.Api.PostAsync("/v1/agents/alice/turns", Hello);

        Assert.Contains("turns.queue-limit", refused.Problem(429, "queue_full"), StringComparison.Ordinal);
        Assert.True(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task A_turn_that_fails_tells_its_error()
    {
        Stage.Codex.Script("thread", "turn", "failed The usage limit is reached.");
        await Stage.StartHostAsync();

        var document = await EndedAsync(await Stage.Api.SubmitAsync("x"));

        Assert.Equal("error", (string)document["stop_reason"]!);
        Assert.Equal("usage_limit", (string)document["error"]!["class"]!);
        Assert.False(string.IsNullOrEmpty((string)document["error"]!["message"]!));
    }

    [Fact]
    public async Task What_a_request_has_too_much_is_passed_over_with_a_warning()
    {
        await Stage.StartHostAsync();

        var answer = await Stage.Api.PostAsync("/v1/agents/alice/turns", """{"colour":"red","messages":[{"role":"user","content":"x"}]}""");

        Assert.Equal(202, answer.Status);
        Assert.Contains("colour", (string)Assert.Single(answer.Json["warnings"]!.AsArray())!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_daemon_tells_how_it_is()
    {
        await Stage.StartHostAsync();

        var status = (await Stage.Api.GetAsync("/v1/status")).Json;

        Assert.Equal((Environment.ProcessId, true), ((int)status["pid"]!, (bool)status["ready"]!));
        Assert.Equal((Stage.Profile.Root, Stage.Settings.Api.Socket), ((string)status["profile"]!, (string)status["socket"]!));
        Assert.True((double)status["uptime_seconds"]! >= 0);
        Assert.True((int)status["slots"]!["limit"]! >= 2);
        Assert.Equal(200, (await Stage.Api.GetAsync("/healthz")).Status);
        Assert.Equal(200, (await Stage.Api.GetAsync("/readyz")).Status);
    }

    private static string[] Names(JsonNode list, string name) => [.. list.AsArray().Select(item => (string)item![name]!)];

    private async Task<string> CancelAsync(string turn, string? body = null)
    {
        var answer = await Stage.Api.PostAsync($"/v1/turns/{turn}/cancel", body);
        Assert.True(answer.Status == 200, answer.ToString());
        return (string)answer.Json["outcome"]!;
    }

    /// <summary>The turn once it is over.</summary>
    private async Task<JsonObject> EndedAsync(string turn)
    {
        await Stage.Api.EventsAsync(turn);
        await Stage.Host.Context.Ledger.FlushAsync();
        var document = (await Stage.Api.GetAsync($"/v1/turns/{turn}")).Json;
        Assert.Equal("ended", (string)document["state"]!);
        return document;
    }
}
