using System.Net.Http.Headers;
using System.Text;

namespace Plexum.Codex.Host.Api;

public sealed class ProblemSpecs(ProblemSpecs.Daemon daemon) : IClassFixture<ProblemSpecs.Daemon>
{
    private DaemonStage Stage => daemon.Running;

    [Theory]
    [InlineData("", "$", "empty")]
    [InlineData("{", "$", "not valid JSON at line 1")]
    [InlineData("[]", "$", "a list")]
    [InlineData("null", "$", "null")]
    [InlineData("{}", "$", "messages")]
    [InlineData("{\"messages\":7}", "$.messages", "must be a list")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"model\":7}", "$.model", "must be a string")]
    [InlineData("{\"messages\":[{\"role\":\"king\",\"content\":\"x\"}]}", "$.messages[0].role", "king")]
    [InlineData("{\"messages\":[{\"role\":\"user\"}]}", "$.messages[0]", "no content")]
    [InlineData("{\"messages\":[],\"messages\":[]}", "$", "messages")]
    public async Task A_body_that_cannot_be_understood_is_told_of_with_the_place_of_the_mistake(string body, string path, string detail)
    {
        var answer = await Stage.Api.PostAsync("/v1/agents/alice/turns", body);

        answer.Problem(400, "bad_request_body");
        var error = Assert.Single(answer.Json["errors"]!.AsArray())!;
        Assert.Equal(path, (string)error["path"]!);
        Assert.Contains(detail, (string)error["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public async Task A_body_that_is_not_called_JSON_is_refused(string? type)
    {
        var answer = await Stage.Api.PostAsync("/v1/agents/alice/turns", "{\"messages\":[]}", request =>
            request.Content!.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type)
        );

        Assert.Contains("application/json", answer.Problem(415, "unsupported_media_type"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused_whether_or_not_its_length_is_told(bool chunked)
    {
        var answer = await Stage.Api.PostAsync("/v1/agents/alice/turns", new string(' ', 70_000), request =>
            request.Headers.TransferEncodingChunked = chunked
        );

        Assert.Contains("api.max-body", answer.Problem(413, "body_too_large"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/agents/alice/turns", "POST")]
    [InlineData("DELETE", "/v1/turns/t1", "GET")]
    [InlineData("PUT", "/healthz", "GET,HEAD")]
    [InlineData("GET", "/v1/turns/t1/cancel", "POST")]
    public async Task A_wrong_method_is_refused_with_the_right_one(string method, string path, string allowed)
    {
        var answer = await Stage.Api.SendAsync(new HttpMethod(method), path);

        answer.Problem(405, "method_not_allowed");
        Assert.Equal(allowed, answer.Headers["Allow"]);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v2/agents")]
    [InlineData("/v1/turns/t1/nothing")]
    [InlineData("/v1/agents/alice/turns/t1")]
    public async Task A_path_that_is_none_is_said_to_be_none(string path)
    {
        var answer = await Stage.Api.GetAsync(path);

        Assert.Contains("/openapi.json", answer.Problem(404, "unknown_path"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/agents/nobody", 404, "unknown_agent")]
    [InlineData("/v1/agents/a..b", 400, "bad_agent_id")]
    [InlineData("/v1/agents/a%20b", 400, "bad_agent_id")]
    [InlineData("/v1/turns/none", 404, "unknown_turn")]
    [InlineData("/v1/turns/none/events", 404, "unknown_turn")]
    [InlineData("/v1/turns/%2e%2e%2fx", 400, "bad_turn_id")]
    [InlineData("/v1/turns?state=lost", 400, "bad_query")]
    [InlineData("/v1/turns?limit=0", 400, "bad_query")]
    [InlineData("/v1/turns?limit=501", 400, "bad_query")]
    [InlineData("/v1/turns?limit=-1", 400, "bad_query")]
    [InlineData("/v1/turns?limit=1&limit=2", 400, "bad_query")]
    [InlineData("/v1/turns?before=x", 400, "bad_query")]
    [InlineData("/v1/turns?agnt=nobody", 400, "bad_query")]
    [InlineData("/v1/turns/none/events?event_name=type", 400, "bad_query")]
    [InlineData("/v1/agents/nobody?agent=other", 400, "bad_query")]
    [InlineData("/v1/usage?since=2026-02-02", 400, "bad_query")]
    [InlineData("/v1/turns?agent=a/b", 400, "bad_agent_id")]
    [InlineData("/v1/agents?after=a%2Fb", 400, "bad_agent_id")]
    [InlineData("/v1/usage?from=yesterday", 400, "bad_query")]
    [InlineData("/v1/usage?from=2026-02-02&to=2026-02-01", 400, "bad_query")]
    [InlineData("/v1/usage?from=0001-01-01&to=9999-12-31", 400, "bad_query")]
    public async Task What_is_asked_for_wrongly_or_is_not_there_is_named(string path, int status, string code)
    {
        (await Stage.Api.GetAsync(path)).Problem(status, code);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public async Task A_number_of_an_event_that_is_none_is_refused(string id)
    {
        (await Stage.Api.GetAsync("/v1/turns/t1/events", request => request.Headers.TryAddWithoutValidation("Last-Event-ID", id))).Problem(
            400,
            "bad_last_event_id"
        );
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"force\":1}")]
    [InlineData("{\"force\":")]
    public async Task A_cancel_with_a_body_that_cannot_be_understood_is_refused(string body)
    {
        (await Stage.Api.PostAsync("/v1/turns/t1/cancel", body)).Problem(400, "bad_request_body");
    }

    [Theory]
    [InlineData("{\"workspace\":\"relative\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "workspace_not_absolute")]
    [InlineData("{\"workspace\":\"/proc/no\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "workspace_not_allowed")]
    [InlineData("{\"workspace\":\"/etc/passwd/no\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "workspace_not_writable")]
    [InlineData("{\"workspace\":\"/a\\u0000b\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "workspace_not_absolute")]
    [InlineData("{\"messages\":[]}", "no_user_text")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":\" \"}]}", "no_user_text")]
    [InlineData("{\"model\":\"--help\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "bad_model")]
    [InlineData("{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"image\"}]}]}", "bad_image")]
    public async Task A_turn_that_is_refused_says_why(string body, string code)
    {
        (await Stage.Api.PostAsync("/v1/agents/alice/turns", body)).Problem(422, code);
        Assert.Empty(Stage.Codex.Calls);
    }

    [Fact]
    public async Task Requests_that_are_no_HTTP_end_without_an_effect()
    {
        Assert.StartsWith("HTTP/1.1 400", await Stage.Api.RawAsync("nonsense\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", await Stage.Api.RawAsync("GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        var answer = await Stage.Api.RawAsync(
            "POST /v1/agents/alice/turns HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        );
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"bad_request\"", answer, StringComparison.Ordinal);
        Assert.Equal(200, (await Stage.Api.GetAsync("/healthz")).Status);
    }

    /// <summary>Nothing of what is refused changes it, so one is enough.</summary>
    public sealed class Daemon : DaemonTest
    {
        internal DaemonStage Running => Stage;

        public override async Task InitializeAsync()
        {
            Stage.Settings = Stage.Settings with { Api = Stage.Settings.Api with { MaxBodyBytes = 64 * 1024 } };
            await Stage.StartHostAsync();
        }
    }
}
