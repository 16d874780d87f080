using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Plexum.Codex.Host.Access;
using Plexum.Codex.Host.Api;
using Plexum.Codex.Host.Daemon;

namespace Plexum.Codex.Host.Security;

/// <summary>Somebody has a token that allows a part of the interface, has expired, or was revoked, and tries for more.</summary>
public sealed class ScopedTokenSpecs() : DaemonTest("thread")
{
    private static readonly AccessScopes[] Scopes =
    [
        AccessScopes.Read,
        AccessScopes.Submit,
        AccessScopes.Cancel,
        AccessScopes.Approve,
        AccessScopes.Admin,
    ];

    private TokenFile Tokens => new(Stage.Profile.TokensFile);

    [Fact]
    public async Task S10_A_token_allows_what_its_scopes_name_and_nothing_else()
    {
        await StartAsync();
        foreach (var held in Scopes)
        {
            using var http = Client(await CreateAsync($"may-{held}", held));
            foreach (var route in ApiRoutes.Of(Stage.Host.Context))
            {
                var isAllowed = route.Scope == AccessScopes.None || route.Scope == held || held == AccessScopes.Admin;
                using var request = Request(route.Method, route.Pattern);

                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

                var isRefused = response.StatusCode == HttpStatusCode.Forbidden;
                Assert.True(isAllowed != isRefused, $"{held}: {response.StatusCode} for {route.Method} {route.Pattern}");
                if (isRefused)
                {
                    var detail = (await ApiAnswer.OfAsync(response)).Problem(403, "scope_missing");
                    Assert.Contains($"{route.Scope}", detail, StringComparison.OrdinalIgnoreCase);
                }
            }
        }

        Assert.Empty(Stage.Codex.Turns);
    }

    [Fact]
    public async Task S10_Who_may_only_submit_does_not_read_the_events_of_the_turn_in_the_answer()
    {
        await StartAsync();
        using var http = Client(await CreateAsync("submits", AccessScopes.Submit));
        using var request = Request("POST", "/v1/agents/{agent}/turns", """{"messages":[{"role":"user","content":"x"}]}""");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));

        using var response = await http.SendAsync(request);

        (await ApiAnswer.OfAsync(response)).Problem(403, "scope_missing");
        Assert.Empty(Stage.Codex.Turns);
    }

    [Fact]
    public async Task S21_Who_may_submit_a_turn_does_not_answer_its_questions_and_who_may_approve_does_not_end_it()
    {
        await StartAsync();
        using var submits = Client(await CreateAsync("submits", AccessScopes.Submit | AccessScopes.Read | AccessScopes.Cancel));
        using var approves = Client(await CreateAsync("approves", AccessScopes.Approve));
        using var both = Client(await CreateAsync("both", AccessScopes.Approve | AccessScopes.Cancel));

        await AnswersAsync(submits, "accept", 403, "scope_missing");
        await AnswersAsync(approves, "accept", 404, "unknown_turn");
        await AnswersAsync(approves, "cancel", 403, "scope_missing");
        await AnswersAsync(both, "cancel", 404, "unknown_turn");

        static async Task AnswersAsync(HttpClient http, string decision, int status, string code)
        {
            using var request = Request("POST", "/v1/turns/t1/approvals/q-00000000", $$"""{"decision":"{{decision}}"}""");

            using var response = await http.SendAsync(request);

            (await ApiAnswer.OfAsync(response)).Problem(status, code);
        }
    }

    [Fact]
    public async Task S22_Who_may_submit_adds_to_their_own_turn_and_to_none_of_the_owner_s()
    {
        const string Turn = """{"messages":[{"role":"user","content":"x"}],"backend":"app-server"}""";
        const string Now = """{"text":"now"}""";
        Stage.Codex.Script("thread", "turn", "wait-steer", "say ${steer}", "completed 1 1");
        await StartAsync();
        using var http = Client(await CreateAsync("ci", AccessScopes.Submit));
        var owners = (string)(await Stage.Api.PostAsync("/v1/agents/alice/turns", Turn)).Must(202).Json["turn_id"]!;

        var refused = await SentAsync($"/v1/turns/{owners}/steer", Now, 403);
        Assert.Contains("the owner", refused.Problem(403, "turn_of_owner"), StringComparison.Ordinal);
        await Limits.UntilAsync(async () => (await Stage.Api.PostAsync($"/v1/turns/{owners}/steer", """{"text":"mine"}""")).Status == 200);
        Assert.Equal("owner", By(await Stage.Api.EventsAsync(owners)));

        var own = (string)(await SentAsync("/v1/agents/bob/turns", Turn, 202)).Json["turn_id"]!;
        await SentAsync($"/v1/turns/{own}/steer", Now, 200);
        Assert.Equal("token:ci", By(await Stage.Api.EventsAsync(own)));

        // A turn that has not begun yet is not steered by anybody.
        async Task<ApiAnswer> SentAsync(string path, string body, int status)
        {
            ApiAnswer? answer = null;
            await Limits.UntilAsync(
                async () =>
                {
                    using var request = Request("POST", path, body);
                    using var response = await http.SendAsync(request);
                    answer = await ApiAnswer.OfAsync(response);
                    return answer.Status == status;
                },
                () => $"It stayed {answer}"
            );
            return answer!;
        }
    }

    private static string By(IEnumerable<SseEvent> events) => (string)Assert.Single(events, e => e.Type == "steer").Json["by"]!;

    [Fact]
    public async Task S10_An_expired_token_is_refused_and_says_so_only_to_who_has_it()
    {
        await StartAsync();
        using var expired = Client(await CreateAsync("old", AccessScopes.Admin, TimeSpan.FromSeconds(-1)));
        using var guessing = Client(TokenSecret.New());

        Assert.Contains(
            "old",
            (await ApiAnswer.OfAsync(await expired.GetAsync("/v1/status"))).Problem(401, "token_expired"),
            StringComparison.Ordinal
        );
        (await ApiAnswer.OfAsync(await guessing.GetAsync("/v1/status"))).Problem(401, "unauthorized");
    }

    [Fact]
    public Task S10_A_revoked_token_is_refused_at_once_and_its_stream_gets_no_further_event() => StreamEndsAsync(_ => [], "unauthorized");

    [Fact]
    public Task S10_A_token_that_expires_is_refused_from_then_on_and_its_stream_gets_no_further_event() =>
        StreamEndsAsync(tokens => [tokens[0] with { ExpiresAt = TimeProvider.System.GetUtcNow() }], "token_expired");

    [Fact]
    public async Task S10_A_host_whose_token_is_revoked_gets_no_further_tool_call()
    {
        var relay = Stage.Codex.File("relay");
        Stage.Codex.Script("thread", "turn", $"relay {relay}", $"touch {Stage.Codex.File("runs")}", "hang");
        await StartAsync();
        using var http = Client(await CreateAsync("host", AccessScopes.Submit));
        var turn = await Stage.Api.SubmitAsync("x", change: DaemonApi.WithTool);
        await Stage.Codex.AppearsAsync("runs");
        await using var codex = await CodexInPlace.ConnectAsync(relay, turn);
        using var stream = await http.GetAsync($"/v1/turns/{turn}/tool-calls", HttpCompletionOption.ResponseHeadersRead);
        using var owners = await Stage.Api.OpenAsync($"/v1/turns/{turn}/tool-calls");
        await using var offered = await FollowAsync(stream);
        await using var known = await FollowAsync(owners);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);

        await Tokens.ChangeAsync(_ => [], TimeProvider.System);
        var result = codex.CallAsync("call_1");

        Assert.False(await offered.MoveNextAsync().WithinLimit());
        Assert.True(await known.MoveNextAsync().WithinLimit());
        (await Stage.Api.AnswerAsync(turn, "call_1", """{"content":"x"}""")).Must(204);
        Assert.NotEqual(true, (await result).IsError);
    }

    [Fact]
    public async Task S10_Only_the_hash_of_a_token_is_kept_and_for_the_owner_alone()
    {
        await StartAsync();

        var secret = await CreateAsync("ci", AccessScopes.Read);

        Assert.Matches("^pcx_[0-9a-f]{64}$", secret);
        Assert.DoesNotContain(secret[4..], await File.ReadAllTextAsync(Stage.Profile.TokensFile), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Stage.Profile.TokensFile));
        File.SetUnixFileMode(Stage.Profile.TokensFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        using var http = Client(secret);
        (await ApiAnswer.OfAsync(await http.GetAsync("/v1/status"))).Problem(401, "unauthorized");
    }

    private Task StartAsync() => Stage.StartHostAsync(new IPEndPoint(IPAddress.Loopback, 0));

    // Somebody reads a turn's events with a token, which ends before the turn does.
    private async Task StreamEndsAsync(Func<ImmutableArray<AccessToken>, ImmutableArray<AccessToken>> end, string problem)
    {
        Stage.Codex.Script("thread", "turn", "say before", $"wait {Stage.Codex.File("go")}", "say after", "completed 1 1");
        await StartAsync();
        using var http = Client(await CreateAsync("ci", AccessScopes.Read));
        var turn = await Stage.Api.SubmitAsync("x");
        using var stream = await http.GetAsync($"/v1/turns/{turn}/events", HttpCompletionOption.ResponseHeadersRead);
        await using var events = await FollowAsync(stream);
        var seen = new List<string>();
        while (!seen.Contains("text_delta"))
        {
            Assert.True(await events.MoveNextAsync().WithinLimit());
            seen.Add(events.Current.Type);
        }

        await Tokens.ChangeAsync(end, TimeProvider.System);
        Stage.Codex.Touch("go");

        // What happened before that may still be on its way.
        while (await events.MoveNextAsync().WithinLimit())
        {
            Assert.DoesNotContain("after", events.Current.Data, StringComparison.Ordinal);
        }

        (await ApiAnswer.OfAsync(await http.GetAsync($"/v1/turns/{turn}/events"))).Problem(401, problem);
        Assert.Equal("end_turn", (string)(await Stage.Api.EndedAsync(turn))["stop_reason"]!);
    }

    private static async Task<IAsyncEnumerator<SseEvent>> FollowAsync(HttpResponseMessage stream) =>
        SseEvent.FollowAsync(await stream.Content.ReadAsStreamAsync()).GetAsyncEnumerator();

    private async Task<string> CreateAsync(string name, AccessScopes scopes, TimeSpan? life = null)
    {
        var (secret, now) = (TokenSecret.New(), TimeProvider.System.GetUtcNow());
        var hash = Convert.ToHexStringLower(TokenSecret.HashOf(secret));
        var token = new AccessToken(name, hash, AccessScopeNames.NamesOf(scopes), now, now + (life ?? TimeSpan.FromHours(1)));
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

    private static HttpRequestMessage Request(string method, string pattern, string body = "{}")
    {
        var path = pattern
            .Replace("{agent}", "alice", StringComparison.Ordinal)
            .Replace("{turn}", "t1", StringComparison.Ordinal)
            .Replace("{call}", "c1", StringComparison.Ordinal);
        return new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative))
        {
            Content = method == "POST" ? new StringContent(body, Encoding.UTF8, "application/json") : null,
        };
    }
}
