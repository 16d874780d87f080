using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule.Fakes;

/// <summary>The platform of the tests is strict: what it lets pass is worth something.</summary>
public sealed class FakePlatformSpecs : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _http = new();
    private FakePlatform _platform = null!;
    private FakeWorkspace _own = null!;
    private FakeWorkspace _peer = null!;

    public async Task InitializeAsync()
    {
        _platform = await FakePlatform.StartAsync(new FakePlatformOptions { OrganisationId = "org" });
        (_own, _peer) = (_platform.AddWorkspace(), _platform.AddWorkspace("peer"));
    }

    public void Dispose() => _http.Dispose();

    public async Task DisposeAsync() => await _platform.DisposeAsync();

    [Theory]
    [InlineData("Origin", null, HttpStatusCode.NotFound, "")]
    [InlineData("Origin", "http://elsewhere", HttpStatusCode.NotFound, "")]
    [InlineData("Authorization", null, HttpStatusCode.Unauthorized, """{"error":"missing workspace auth token"}""")]
    [InlineData("Authorization", "Bearer wrong", HttpStatusCode.Unauthorized, """{"error":"invalid workspace auth token"}""")]
    [InlineData("X-Molecule-Org-Id", null, HttpStatusCode.NotFound, """{"error":"not found"}""")]
    public async Task A_wrong_or_missing_header_is_answered_as_the_platform_does(
        string header,
        string? value,
        HttpStatusCode status,
        string body
    )
    {
        using var answer = await SendAsync("GET", $"/workspaces/{_own.Id}/activity", null, (header, value));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_message_needs_its_role_and_a_sender_its_own_token()
    {
        using var anonymous = await SendAsync("POST", $"/workspaces/{_peer.Id}/a2a", Message("m-1", "hi"), ("X-Workspace-ID", null));
        using var foreign = await SendAsync("POST", $"/workspaces/{_peer.Id}/a2a", Message("m-2", "hi"), ("X-Workspace-ID", _peer.Id));
        var rude = Message("m-3", "hi");
        ((JsonObject)rude["params"]!["message"]!).Remove("role");
        using var roleless = await SendAsync("POST", $"/workspaces/{_peer.Id}/a2a", rude);

        Assert.Null(_peer.Rows.Single().SourceId);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Contains("-32600", await roleless.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_reaches_a_workspace_once_however_often_it_is_sent()
    {
        using var first = await SendAsync("POST", $"/workspaces/{_peer.Id}/a2a", Message("m-1", "hi"));
        using var second = await SendAsync("POST", $"/workspaces/{_peer.Id}/a2a", Message("m-1", "hi"));

        Assert.Equal("""{"status":"queued","delivery_mode":"poll","method":"message/send"}""", await second.Content.ReadAsStringAsync());
        Assert.Equal(_own.Id, Assert.Single(_peer.Rows).SourceId);
    }

    [Fact]
    public async Task Only_relatives_are_able_to_talk_to_each_other()
    {
        var child = _platform.AddWorkspace("child", _peer);
        using var toNephew = await SendAsync("POST", $"/workspaces/{child.Id}/a2a", Message("m-1", "hi"));
        using var toSibling = await SendAsync("GET", $"/registry/discover/{_peer.Id}", null);
        using var nameless = await SendAsync("GET", $"/registry/discover/{_peer.Id}", null, ("X-Workspace-ID", null));

        Assert.Equal(HttpStatusCode.Forbidden, toNephew.StatusCode);
        Assert.Equal(HttpStatusCode.OK, toSibling.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, nameless.StatusCode);
    }

    [Fact]
    public async Task Rows_come_oldest_first_behind_a_row_and_newest_first_in_a_window()
    {
        string[] ids = [_own.UserSays("1"), _own.UserSays("2"), _own.UserSays("3")];

        Assert.Equal([ids[1], ids[2]], await IdsAsync($"since_id={ids[0]}"));
        Assert.Equal([ids[1]], await IdsAsync($"since_id={ids[0]}&limit=1"));
        Assert.Equal([ids[2], ids[1], ids[0]], await IdsAsync("since_secs=600"));
        Assert.Equal([ids[2]], await IdsAsync("type=a2a_receive&limit=1"));
        Assert.Empty(await IdsAsync("source=agent"));
        using var unknown = await SendAsync("GET", $"/workspaces/{_own.Id}/activity?since_id={Guid.NewGuid()}", null);
        using var bad = await SendAsync("GET", $"/workspaces/{_own.Id}/activity?since_secs=0", null);
        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.BadRequest), (unknown.StatusCode, bad.StatusCode));
    }

    [Fact]
    public async Task Registering_needs_an_agent_card_and_a_mode_that_exists()
    {
        foreach (
            var body in new[]
            {
                """{"id":"ID"}""",
                """{"id":"ID","url":"","agent_card":{"name":"n","skills":[]},"delivery_mode":"push"}""",
                """{"id":"ID","agent_card":{"name":"n"},"delivery_mode":"poll"}""",
            }
        )
        {
            using var refused = await SendAsync(
                "POST",
                "/registry/register",
                JsonNode.Parse(body.Replace("ID", _own.Id, StringComparison.Ordinal))!.AsObject()
            );
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        Assert.False(_own.IsOnline);
    }

    [Fact]
    public async Task Faults_hit_the_named_requests_and_no_others()
    {
        _platform.Faults.Next("/notify", Fault.CutAfter);
        _platform.Faults.Next("/notify", Fault.CutBefore);
        var body = new JsonObject { ["message"] = "hello" };

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("POST", $"/workspaces/{_own.Id}/notify", body));
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("POST", $"/workspaces/{_own.Id}/notify", body));
        using var third = await SendAsync("POST", $"/workspaces/{_own.Id}/notify", body);

        Assert.Equal(["hello", "hello"], _own.Shown);
        Assert.Equal([true, false, true], _platform.Requests.Select(request => request.WasHandled));
    }

    private static JsonObject Message(string id, string text) =>
        JsonNode
            .Parse(
                JsonSerializer.Serialize(
                    new
                    {
                        jsonrpc = "2.0",
                        id,
                        method = "message/send",
                        @params = new
                        {
                            message = new
                            {
                                role = "user",
                                messageId = id,
                                parts = new[] { new { kind = "text", text } },
                            },
                        },
                    }
                )
            )!
            .AsObject();

    private async Task<string[]> IdsAsync(string query)
    {
        using var answer = await SendAsync("GET", $"/workspaces/{_own.Id}/activity?{query}", null);
        var rows = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray();
        return [.. rows.Select(row => (string)row!["id"]!)];
    }

    private async Task<HttpResponseMessage> SendAsync(
        string method,
        string path,
        JsonObject? body,
        (string Name, string? Value)? changed = null
    )
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_platform.Url + path));
        var headers = new Dictionary<string, string?>
        {
            ["Origin"] = _platform.Url,
            ["Authorization"] = $"Bearer {_own.Token}",
            ["X-Workspace-ID"] = _own.Id,
            ["X-Molecule-Org-Id"] = "org",
        };
        if (changed is { } change)
        {
            headers[change.Name] = change.Value;
        }

        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        return await _http.SendAsync(request);
    }
}
