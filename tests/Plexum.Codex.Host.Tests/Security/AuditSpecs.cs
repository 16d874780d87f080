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
