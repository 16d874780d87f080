using ModelContextProtocol.Protocol;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Host.Api;

/// <summary>Tool calls over HTTP, with a client of MCP in the place of codex's.</summary>
public sealed class ToolCallSpecs() : DaemonTest("thread")
{
    [Fact]
    public async Task H1_A_call_gets_the_first_answer_of_its_host_and_no_second_one_is_taken()
    {
        await using var codex = await BeginAsync();
        await using var calls = await ReadAsync(codex.Turn);

        var result = codex.CallAsync("call_1");
        var call = await calls.NextAsync();

        Assert.Equal(("tool_call", "1"), (call.Type, call.Id));
        Assert.Equal("""{"call_id":"call_1","name":"get","arguments":{"key":[1]}}""", call.Data);
        Assert.Equal(
            204,
            (
                await Stage.Api.AnswerAsync(
                    codex.Turn,
                    "call_1",
                    """{"content":[{"type":"text","text":"a value"},{"type":"image","media_type":"image/png","base64":"iVBORw0KGgo="}]}"""
                )
            ).Status
        );
        var content = (await result).Content;
        Assert.Equal("a value", Assert.IsType<TextContentBlock>(content[0]).Text);
        Assert.IsType<ImageContentBlock>(content[1]);
        Assert.Equal((404, "unknown_tool_call"), Problem(await Stage.Api.AnswerAsync(codex.Turn, "call_1", """{"content":"twice"}""")));

        Stage.Codex.Touch("go");
        Assert.Null(await calls.EndAsync());
        await Stage.Api.EventsAsync(codex.Turn);
        Assert.Equal(204, (await Stage.Api.GetAsync($"/v1/turns/{codex.Turn}/tool-calls")).Status);
    }

    [Fact]
    public async Task H2_A_call_that_is_not_answered_is_offered_again_to_a_reader_that_comes_back()
    {
        await using var codex = await BeginAsync();
        Task<CallToolResult> result;
        await using (var first = await ReadAsync(codex.Turn))
        {
            result = codex.CallAsync("call_1");
            await first.NextAsync();
        }

        await using var second = await ReadAsync(codex.Turn);
        Assert.Equal("1", (await second.NextAsync()).Id);
        Assert.Equal(204, (await Stage.Api.AnswerAsync(codex.Turn, "call_1", """{"content":"no","is_error":true}""")).Status);

        Assert.True((await result).IsError);
    }

    [Fact]
    public async Task H3_A_call_that_no_host_reads_is_answered_with_the_host_being_gone()
    {
        Stage.Settings = Stage.Settings with
        {
            Agents = Stage.Settings.Agents with { Tools = new ToolSettings { HandlerWait = TimeSpan.FromMilliseconds(50) } },
        };
        await using var codex = await BeginAsync();

        var result = await codex.CallAsync("call_1");

        Assert.True(result.IsError);
        Assert.Contains(
            "the host that offers it is gone",
            Assert.IsType<TextContentBlock>(result.Content[0]).Text,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("""{"content":[],"structuredContent":{"answer":42}}""", """{"answer":42}""")]
    [InlineData("""{"structuredContent":{"answer":42}}""", """{"answer":42}""")]
    [InlineData("""{"structured_content":{ "é" : [ 1 ] }}""", """{"é":[1]}""")]
    [InlineData("""{"content":null,"structuredContent":[1,2]}""", "[1,2]")]
    [InlineData("""{"content":"","structuredContent":42}""", "42")]
    [InlineData("""{"content":"said","structuredContent":{"answer":42}}""", "said")]
    [InlineData("""{"content":"a\ud800b"}""", "a\uFFFDb")]
    [InlineData("""{"content":[{"type":"text","text":"\udc00","\ud800":1}]}""", "\uFFFD")]
    [InlineData("""{"structuredContent":{"\ud800":"a\u0000"}}""", "{\"\uFFFD\":\"a\\u0000\"}")]
    public async Task What_a_host_says_reaches_the_model_as_text_of_whole_characters(string body, string text)
    {
        await using var codex = await BeginAsync();
        await using var calls = await ReadAsync(codex.Turn);
        var result = codex.CallAsync("call_1");
        await calls.NextAsync();

        Assert.Equal(204, (await Stage.Api.AnswerAsync(codex.Turn, "call_1", body)).Status);

        var said = (await result).Content.OfType<TextContentBlock>().Select(block => block.Text);
        Assert.Equal(text, string.Concat(said));
        Assert.NotEqual(true, (await result).IsError);
        Assert.Null((await result).StructuredContent);
    }

    [Fact]
    public async Task An_image_and_structured_content_both_reach_the_model_and_large_content_is_cut()
    {
        await using var codex = await BeginAsync();
        await using var calls = await ReadAsync(codex.Turn);
        var both = codex.CallAsync("call_1");
        await calls.NextAsync();
        const string Image = """{"type":"image","media_type":"image/png","base64":"iVBORw0KGgo="}""";
        await Stage.Api.AnswerAsync(codex.Turn, "call_1", $$"""{"content":[{{Image}}],"structuredContent":{"a":1},"isError":true}""");

        Assert.Equal("""{"a":1}""", Assert.IsType<TextContentBlock>((await both).Content[0]).Text);
        Assert.IsType<ImageContentBlock>((await both).Content[1]);
        Assert.True((await both).IsError);

        var large = codex.CallAsync("call_2");
        await calls.NextAsync();
        await Stage.Api.AnswerAsync(codex.Turn, "call_2", $$"""{"structuredContent":"{{new string('x', 2_000_000)}}"}""");

        Assert.EndsWith("bytes of 2000002]", Assert.IsType<TextContentBlock>((await large).Content[^1]).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"structuredContent":null}""")]
    [InlineData("""{"content":7,"structuredContent":{}}""")]
    [InlineData("""{"content":"x","isError":1}""")]
    [InlineData("{}")]
    [InlineData("""{"content":7}""")]
    [InlineData("""{"content":[{"type":"text"}]}""")]
    [InlineData("""{"content":[{"type":"image","media_type":"image/png","base64":"%"}]}""")]
    [InlineData("""{"content":"x","is_error":"yes"}""")]
    public async Task H5_An_answer_that_cannot_be_understood_is_refused_and_the_model_does_not_wait_for_another(string body)
    {
        await using var codex = await BeginAsync();
        await using var calls = await ReadAsync(codex.Turn);
        var result = codex.CallAsync("call_1");
        await calls.NextAsync();

        Assert.Equal((400, "bad_request_body"), Problem(await Stage.Api.AnswerAsync(codex.Turn, "call_1", body)));

        Assert.True((await result).IsError);
        Assert.StartsWith(
            "The answer of the tool's host cannot be used: ",
            Assert.IsType<TextContentBlock>((await result).Content[0]).Text,
            StringComparison.Ordinal
        );
        Assert.Equal((404, "unknown_tool_call"), Problem(await Stage.Api.AnswerAsync(codex.Turn, "call_1", """{"content":"x"}""")));
        Stage.Codex.Touch("go");
        await Stage.Api.EventsAsync(codex.Turn);
    }

    [Fact]
    public async Task An_answer_that_is_too_large_fails_its_call_and_the_turn_goes_on()
    {
        Stage.Settings = Stage.Settings with { Api = Stage.Settings.Api with { MaxBodyElements = 20, MaxBodyBytes = 4096 } };
        await using var codex = await BeginAsync();
        await using var calls = await ReadAsync(codex.Turn);
        foreach (var body in new[] { $"[{string.Join(',', Enumerable.Repeat("1", 50))}]", $"\"{new string('x', 5000)}\"" })
        {
            var result = codex.CallAsync("call_1");
            await calls.NextAsync();

            Assert.Equal(413, (await Stage.Api.AnswerAsync(codex.Turn, "call_1", $$"""{"content":{{body}}}""")).Status);

            Assert.True((await result).IsError);
        }
    }

    [Fact]
    public async Task A_turn_that_nobody_knows_has_no_calls()
    {
        await Stage.StartHostAsync();

        Assert.Equal((404, "unknown_turn"), Problem(await Stage.Api.GetAsync("/v1/turns/nobody/tool-calls")));
        Assert.Equal((404, "unknown_turn"), Problem(await Stage.Api.AnswerAsync("nobody", "call_1", """{"content":"x"}""")));
    }

    private async Task<CodexInPlace> BeginAsync()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            $"relay {Stage.Codex.File("relay")}",
            $"touch {Stage.Codex.File("runs")}",
            $"wait {Stage.Codex.File("go")}",
            "say done",
            "completed 1 1"
        );
        await Stage.StartHostAsync();
        var turn = await Stage.Api.SubmitAsync("hello", change: DaemonApi.WithTool);
        await Stage.Codex.AppearsAsync("runs");
        return await CodexInPlace.ConnectAsync(Stage.Codex.File("relay"), turn);
    }

    private async Task<CallStream> ReadAsync(string turn)
    {
        var response = await Stage.Api.OpenAsync($"/v1/turns/{turn}/tool-calls");
        return new CallStream(response, SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync()).GetAsyncEnumerator());
    }

    private static (int, string) Problem(ApiAnswer answer) => (answer.Status, (string)answer.Json["code"]!);

    private sealed record CallStream(HttpResponseMessage Response, IAsyncEnumerator<SseEvent> Events) : IAsyncDisposable
    {
        public async Task<SseEvent> NextAsync()
        {
            Assert.True(await Events.MoveNextAsync().WithinLimit());
            return Events.Current;
        }

        public async Task<SseEvent?> EndAsync() => await Events.MoveNextAsync().WithinLimit() ? Events.Current : null;

        public async ValueTask DisposeAsync()
        {
            Response.Dispose();
            await Task.CompletedTask;
        }
    }
}
