using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Audit;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Security;

/// <summary>Something was done to the daemon, and its owner wants to know by whom.</summary>
public sealed class AuditSpecs() : DaemonTest("thread", "turn", "say the planted answer", "completed 1 1")
{
    private const string Planted = "planted";
    private const string Done = "audit.jsonl";
    private const string Refused = "audit-refused.jsonl";

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
            ["create_token done", "start done", "submit accepted", "cancel ended", "submit accepted", "stop done"],
            lines.Select(line => $"{line["action"]} {line["outcome"]}")
        );
        var refused = await ReadAsync(Refused);
        Assert.Equal(
            ["answer_tool_call unknown_turn", "authenticate unauthorized"],
            refused.Select(line => $"{line["action"]} {line["outcome"]}")
        );
        Assert.Equal((OwnerToken.Name, "admin"), ((string)lines[0]["token"]!, (string)lines[0]["scopes"]![0]!));
        var submitted = lines[2];
        Assert.Equal(
            ("unix", "alice", turn, Environment.ProcessId),
            ((string)submitted["via"]!, (string)submitted["agent"]!, (string)submitted["turn"]!, (int)submitted["pid"]!)
        );
        Assert.Equal(Libc.EffectiveUser(), (uint)submitted["uid"]!);
        Assert.Equal(("nobodys", "c1"), ((string)refused[0]["turn"]!, (string)refused[0]["call"]!));
        Assert.DoesNotContain(lines.Concat(refused), line => line.ToJsonString().Contains(Planted, StringComparison.Ordinal));
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

        var line = Assert.Single(await ReadAsync(Refused), line => (string)line["action"]! == "connect");
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
        using var http = Client(await CreateAsync("ci", AccessScopes.Read));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/turns/t1/cancel");

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        var line = Assert.Single(await ReadAsync(Refused), line => (string)line["action"]! == "cancel");
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
        var guesses = (await ReadAsync(Refused)).Count(line => (string)line["action"]! == "authenticate");
        Assert.InRange(guesses, AuditThrottle.PerMinute, 100);
    }

    [Fact]
    public async Task S11_A_token_with_one_scope_can_neither_push_out_what_was_done_nor_write_text_of_its_own()
    {
        Stage.Settings = Stage.Settings with { Log = Stage.Settings.Log with { MaxFileBytes = 64 * 1024, KeptFiles = 1 } };
        await StartAsync();
        await Stage.Api.EndedAsync(await Stage.Api.SubmitAsync("x"));
        using var http = Client(await CreateAsync("leaked", AccessScopes.Submit));
        string[] paths =
        [
            "/v1/status",
            "/v1/turns/t1/cancel",
            $"/v1/agents/{Planted}%20text/turns",
            $"/v1/turns/{Planted}!/tool-calls/{Planted}%20text",
        ];
        foreach (var path in paths)
        {
            for (var i = 0; i < 100; i++)
            {
                using var body = new StringContent("{}", Encoding.UTF8, "application/json");
                using var response = path == "/v1/status" ? await http.GetAsync(path) : await http.PostAsync(path, body);
                Assert.InRange((int)response.StatusCode, 400, 499);
            }
        }

        await Stage.StopHostAsync();

        Assert.Equal(["create_token", "start", "submit", "stop"], (await ReadAsync()).Select(line => (string)line["action"]!));
        var refused = await ReadAsync(Refused);

        // Of each code of a caller; a minute may have passed meanwhile, or several on a busy machine.
        Assert.All(refused.CountBy(line => (string)line["outcome"]!), code => Assert.InRange(code.Value, 1, 60));
        Assert.Contains(refused, line => ((string)line["action"]!, (string)line["outcome"]!) == ("look", "scope_missing"));
        Assert.Contains(refused, line => (string)line["outcome"]! == "bad_agent_id");
        Assert.DoesNotContain(refused, line => line.ToJsonString().Contains(Planted, StringComparison.Ordinal));
    }

    [Fact]
    public async Task S11_Who_submits_and_is_gone_at_once_is_written_down_with_the_turn()
    {
        await StartAsync();
        const string Body = """{"messages":[{"role":"user","content":"x"}]}""";
        for (var i = 0; i < 10; i++)
        {
            using var socket = await Stage.Api.ConnectAsync();
            await socket.SendAsync(
                Encoding.ASCII.GetBytes(
                    "POST /v1/agents/alice/turns HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + $"Content-Length: {Body.Length}\r\n\r\n{Body}"
                )
            );
        }

        await Stage.Api.EndedAsync(await Stage.Api.SubmitAsync("the last one"));
        await Stage.StopHostAsync();
        await StartAsync();

        // Which of them were read completely before their client was gone is up to the system.
        var turns = (await Stage.Api.JsonAsync("/v1/turns"))["turns"]!.AsArray().Select(turn => (string)turn!["turn_id"]!).ToArray();
        foreach (var turn in turns)
        {
            await Stage.Api.EndedAsync(turn);
        }

        var written = (await ReadAsync()).Where(line => (string)line["action"]! == "submit").ToArray();
        Assert.All(written, line => Assert.Equal(("accepted", Environment.ProcessId), ((string)line["outcome"]!, (int)line["pid"]!)));
        Assert.Equal(turns.Order(StringComparer.Ordinal), written.Select(line => (string)line["turn"]!).Order(StringComparer.Ordinal));
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

    private async Task<JsonObject[]> ReadAsync(string name = Done) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(Stage.Profile.Logs, name))).Select(line => JsonNode.Parse(line)!.AsObject())];

    private async Task<string> CreateAsync(string name, AccessScopes scopes)
    {
        var (secret, now) = (TokenSecret.New(), TimeProvider.System.GetUtcNow());
        var token = new AccessToken(name, Convert.ToHexStringLower(TokenSecret.HashOf(secret)), AccessScopeNames.NamesOf(scopes), now);
        await Tokens.ChangeAsync(tokens => tokens.Add(token), TimeProvider.System);
        return secret;
    }

    private HttpClient Client(string token) =>
        new()
        {
            BaseAddress = new Uri(Stage.Host.Address!),
            Timeout = Limits.Wait,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
}
