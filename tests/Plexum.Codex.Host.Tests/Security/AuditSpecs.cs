using System.Net;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Audit;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Security;

/// <summary>Something was done to the daemon, and its owner wants to know by whom.</summary>
public sealed class AuditSpecs() : DaemonTest("thread", "turn", "say the planted answer", "completed 1 1")
{
    private const string Planted = "planted";

    private TokenFile Tokens => new(Stage.Profile.TokensFile);

    [Fact]
    public async Task S11_Each_thing_that_is_done_is_written_down_with_who_did_it_and_what_came_of_it()
    {
        await StartAsync();
        var turn = await Stage.Api.SubmitAsync($"the {Planted} prompt");
        await Stage.Api.EndedAsync(turn);
        await Stage.Api.CancelAsync(turn);
        (await Stage.Api.PostAsync("/v1/turns/nobodys/tool-calls/c1", """{"content": "the planted answer of a tool"}""")).Must(404);
        await Stage.Api.SubmitAsync($"another {Planted} prompt", key: "the-planted-key");
        using (var session = await TcpSession.OpenAsync(new Uri(Stage.Host.Address!).Port))
        {
            Assert.Equal(401, await session.GetAsync("/v1/status?planted=1", "planted-guess"));
        }

        await Stage.StopHostAsync();

        var lines = await ReadAsync();
        Assert.Equal(
            [
                "start done",
                "submit accepted",
                "cancel ended",
                "answer_tool_call unknown_turn",
                "submit accepted",
                "authenticate unauthorized",
                "stop done",
            ],
            lines.Select(line => $"{line["action"]} {line["outcome"]}")
        );
        var submitted = lines[1];
        Assert.Equal(
            ("unix", "alice", turn, Environment.ProcessId),
            ((string)submitted["via"]!, (string)submitted["agent"]!, (string)submitted["turn"]!, (int)submitted["pid"]!)
        );
        Assert.Equal(Libc.EffectiveUser(), (uint)submitted["uid"]!);
        Assert.Equal(("nobodys", "c1"), ((string)lines[3]["turn"]!, (string)lines[3]["call"]!));
        Assert.DoesNotContain(lines, line => line.ToJsonString().Contains(Planted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task S11_A_consume_and_the_cancel_of_a_turn_that_runs_are_written_down_with_what_they_are_about()
    {
        const string Call = """{"type":"function_call","name":"f","arguments":"{}","call_id":"call_1"}""";
        const string Output = """{"type":"function_call_output","call_id":"call_1","output":"the planted output of a call"}""";
        Stage.Codex.Script(
            "thread",
            "turn",
            "[prompt wait]",
            $"touch {Stage.Codex.File("runs")}",
            "hang",
            "[else]",
            $$"""rollout {"type":"response_item","payload":{{Call}}}""",
            $$"""rollout {"type":"response_item","payload":{{Output}}}""",
            "completed 1 1"
        );
        await StartAsync();
        await Stage.Api.EndedAsync(await Stage.Api.SubmitAsync("x"));
        Assert.Equal(1, (int)(await Stage.Api.ConsumeAsync("alice", "call_1")).Must(200).Json["touched"]!);
        var turn = await Stage.Api.SubmitAsync("wait");
        await Stage.Codex.AppearsAsync("runs");
        await Stage.Api.CancelAsync(turn);
        await Stage.Api.EndedAsync(turn);

        await Stage.StopHostAsync();

        var lines = (await ReadAsync()).Where(line => (string)line["action"]! is "consume" or "cancel").ToArray();
        Assert.Equal(
            [("consume", "done", "alice", null), ("cancel", "stopping", null, turn)],
            lines.Select(line => ((string)line["action"]!, (string)line["outcome"]!, (string?)line["agent"], (string?)line["turn"]))
        );
        Assert.All(lines, line => Assert.Equal(("unix", Environment.ProcessId), ((string)line["via"]!, (int)line["pid"]!)));
        Assert.DoesNotContain(lines, line => line.ToJsonString().Contains(Planted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task S11_A_process_that_may_not_use_the_socket_is_written_down()
    {
        Stage.Codex.Script("thread", "turn", "obey", "completed 1 1");
        await StartAsync();
        var attack = $"curl -s --unix-socket '{Stage.Settings.Api.Socket}' http://localhost/v1/{Planted}";

        await Stage.Api.EndedAsync(await Stage.Api.SubmitAsync(attack));
        await Stage.StopHostAsync();

        var line = Assert.Single(await ReadAsync(), line => (string)line["action"]! == "connect");
        Assert.Equal(
            ("unix", "caller_refused", Libc.EffectiveUser()),
            ((string)line["via"]!, (string)line["outcome"]!, (uint)line["uid"]!)
        );
        Assert.NotEqual(Environment.ProcessId, (int)line["pid"]!);
        Assert.DoesNotContain(Planted, line.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task S11_Over_TCP_the_token_is_named()
    {
        await StartAsync();
        var secret = TokenSecret.New();
        var token = new AccessToken(
            "ci",
            Convert.ToHexStringLower(TokenSecret.HashOf(secret)),
            AccessScopeNames.NamesOf(AccessScopes.Read),
            TimeProvider.System.GetUtcNow()
        );
        await Tokens.ChangeAsync(_ => [token], TimeProvider.System);
        using var http = new HttpClient { BaseAddress = new Uri(Stage.Host.Address!), Timeout = Limits.Wait };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/turns/t1/cancel");
        request.Headers.Add("Authorization", $"Bearer {secret}");

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var line = Assert.Single(await ReadAsync(), line => (string)line["action"]! == "cancel");
        Assert.Equal(
            ("tcp", "ci", "t1", "scope_missing"),
            ((string)line["via"]!, (string)line["token"]!, (string)line["turn"]!, (string)line["outcome"]!)
        );
    }

    [Fact]
    public async Task S11_A_flood_of_guesses_does_not_push_out_what_was_done()
    {
        await StartAsync();
        for (var i = 0; i < 300; i++)
        {
            using var session = await TcpSession.OpenAsync(new Uri(Stage.Host.Address!).Port);
            Assert.NotEqual(200, await session.GetAsync("/v1/status", "a-guess-at-the-token"));
        }

        await Stage.StopHostAsync();

        // A minute may have passed meanwhile, or several on a busy machine.
        var guesses = (await ReadAsync()).Count(line => (string)line["action"]! == "authenticate");
        Assert.InRange(guesses, AuditThrottle.PerMinute, 100);
    }

    [Fact]
    public async Task S11_A_log_that_cannot_be_written_loses_no_turn()
    {
        Directory.CreateDirectory(Path.Combine(Stage.Profile.Logs, "audit.jsonl"));
        await StartAsync();

        await Stage.Api.EndedAsync(await Stage.Api.SubmitAsync("x"));

        Assert.Single(Stage.Codex.Turns);
    }

    private Task StartAsync() => Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));

    private async Task<JsonObject[]> ReadAsync() =>
        [
            .. (await File.ReadAllLinesAsync(Path.Combine(Stage.Profile.Logs, "audit.jsonl"))).Select(line =>
                JsonNode.Parse(line)!.AsObject()
            ),
        ];
}
