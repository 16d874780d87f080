using System.Text;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Plugin.Session;

namespace Plexum.Codex.Host.Plugin;

/// <summary>The host's tools in a turn that came through the plugin; a client of MCP stands in codex's place.</summary>
public sealed class HostToolSpecs() : PluginTest("thread")
{
    [Fact]
    public async Task A_call_goes_to_the_host_with_all_that_it_needs_and_its_answer_to_the_model()
    {
        await using var codex = await BeginTurnAsync();

        var result = codex.CallAsync("call_1");
        var call = await Host.ToolCallAsync();
        Assert.Equal(
            $$$"""{"agent_id":"alice","turn_id":"{{{codex.Turn}}}","call_id":"call_1","name":"get","arguments":{"key":[1]}}""",
            call["params"]!.ToJsonString()
        );
        await Host.AnswerAsync(
            call,
            JsonNode.Parse(
                """{"content":[{"type":"text","text":"a value"},{"type":"image","mimeType":"image/png","data":"iVBORw0KGgo="}]}"""
            )!
        );

        var content = (await result).Content;
        Assert.Equal("a value", Assert.IsType<TextContentBlock>(content[0]).Text);
        Assert.IsType<ImageContentBlock>(content[1]);
        Stage.Codex.Touch("go");
        await Host.EndAsync(codex.Turn);
    }

    [Theory]
    [InlineData("""{"result":{"content":"no room","is_error":true}}""", "no room", true)]
    [InlineData("""{"result":{"content":[{"type":"text","text":"no room"}],"isError":true}}""", "no room", true)]
    [InlineData("""{"error":{"code":-32000,"message":"no room"}}""", "The tool get failed: no room", true)]
    [InlineData("""{"error":7}""", "The tool get failed: The host answered with an error without a message.", true)]
    [InlineData(
        """{"result":{"content":[{"type":"image","mimeType":"image/png","data":"%"}]}}""",
        "The answer of the tool's host cannot be used: content[0]: must be",
        true
    )]
    [InlineData("""{"result":"plain"}""", "plain", false)]
    [InlineData("""{"result":{"value":7}}""", """{"value":7}""", false)]
    [InlineData("""{"result":{"content":[{"type":"text","text":"a\ud800b"}]}}""", "a\uFFFDb", false)]
    [InlineData("""{"result":"a\ud800b"}""", "a\uFFFDb", false)]
    [InlineData("""{"result":{"a":"\ud800"}}""", """{"a":"\ufffd"}""", false)]
    [InlineData("""{"result":{"\ud800":"a"}}""", """{"\ufffd":"a"}""", false)]
    [InlineData("""{"error":{"code":1,"message":"no \udfff"}}""", "The tool get failed: no \uFFFD", true)]
    [InlineData("""{"result":{"content":"a\u0000b"}}""", "a\0b", false)]
    [InlineData("""{"result":{"content":[],"structuredContent":{"answer":42}}}""", """{"answer":42}""", false)]
    [InlineData("""{"result":{"structuredContent":{"answer":42}}}""", """{"answer":42}""", false)]
    [InlineData("""{"result":{"content":null,"structuredContent":[1, 2]}}""", "[1,2]", false)]
    [InlineData("""{"result":{"content":[],"structuredContent":"é \ud800"}}""", "\"é \uFFFD\"", false)]
    [InlineData("""{"result":{"content":[],"structuredContent":{"n":[1e999,-0]}}}""", """{"n":[1e999,-0]}""", false)]
    [InlineData("""{"result":{"content":[],"structuredContent":{"why":"no"},"isError":true}}""", """{"why":"no"}""", true)]
    [InlineData("""{"result":{"content":"said","structuredContent":{"answer":42}}}""", "said", false)]
    [InlineData("""{"result":{"content":[],"structuredContent":null}}""", null, false)]
    [InlineData("""{"result":{"content":7,"structuredContent":{"answer":42}}}""", "7", false)]
    public async Task Whatever_a_host_answers_the_model_can_read_it(string answer, string? text, bool isError)
    {
        await using var codex = await BeginTurnAsync();

        var result = codex.CallAsync("call_1");
        var call = await Host.ToolCallAsync();
        await Host.SendAsync($$"""{"jsonrpc":"2.0","id":{{call["id"]!.ToJsonString()}},{{answer[1..]}}""");

        if (text is null)
        {
            Assert.Empty((await result).Content);
        }
        else
        {
            Assert.StartsWith(text, Assert.IsType<TextContentBlock>(Assert.Single((await result).Content)).Text, StringComparison.Ordinal);
        }

        Assert.Null((await result).StructuredContent);
        Assert.Equal(isError, (await result).IsError ?? false);
    }

    [Fact]
    public async Task An_answer_that_is_not_UTF8_counts_as_far_as_it_can_be_read()
    {
        await using var codex = await BeginTurnAsync();

        var result = codex.CallAsync("call_1");
        var call = await Host.ToolCallAsync();
        await Host.SendAsync(
            (byte[])
                [.. Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{call["id"]!.ToJsonString()}},"result":"a"""), 0xFF, .. "b\"}\n"u8]
        );

        Assert.Equal("a\uFFFDb", Assert.IsType<TextContentBlock>(Assert.Single((await result).Content)).Text);
    }

    [Theory]
    [InlineData("\"result\":{\"content\":\"x\"")]
    [InlineData("\"result\":{\"content\":'x'}}")]
    [InlineData("\"result\":\"\\uzzzz\"}")]
    [InlineData("")]
    public async Task An_answer_that_is_not_JSON_fails_its_call_and_the_host_is_told(string rest)
    {
        await using var codex = await BeginTurnAsync();
        var result = codex.CallAsync("call_1");
        var call = await Host.ToolCallAsync();

        await Host.SendAsync($$"""{"jsonrpc":"2.0","id":{{call["id"]!.ToJsonString()}},{{rest}}""");

        Assert.StartsWith(
            "The tool get failed: The line is not valid JSON",
            Assert.IsType<TextContentBlock>(Assert.Single((await result).Content)).Text,
            StringComparison.Ordinal
        );
        Assert.True((await result).IsError);
        Assert.True((await Host.Unasked.Reader.ReadAsync().WithinLimit()).ContainsKey("error"));
    }

    [Fact]
    public async Task What_an_answer_gives_as_JSON_reaches_the_model_beside_a_link()
    {
        await using var codex = await BeginTurnAsync();
        var result = codex.CallAsync("call_1");
        await Host.AnswerAsync(
            await Host.ToolCallAsync(),
            JsonNode.Parse("{\"content\":[{\"type\":\"resource_link\",\"uri\":\"file:///a\"}],\"structuredContent\":{\"answer\":42}}")!
        );

        Assert.Equal(
            ["""{"answer":42}""", """{"type":"resource_link","uri":"file:///a"}"""],
            (await result).Content.Cast<TextContentBlock>().Select(block => block.Text)
        );
    }

    [Theory]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":{\"content\":\"a\0b\"},\"id\":ID}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":{\"content\":\"LONG\"},\"id\":ID}")]
    [InlineData("\uFEFF{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"x\"}")]
    [InlineData("\0{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"x\"}")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":1},{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"x\"}]")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":ID,\"result\":\"x\",\"id\":\"other\"}")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"result\":\"x\"}")]
    public async Task An_answer_whose_id_cannot_be_read_fails_the_only_call_that_waits(string line)
    {
        await using var codex = await BeginTurnAsync();
        var result = codex.CallAsync("call_1");
        var id = (await Host.ToolCallAsync())["id"]!.ToJsonString();

        // What is no answer, or another one's, fails nothing.
        await Host.SendAsync("a\0b");
        await Host.SendAsync("{\"jsonrpc\":\"2.0\",\"id\":\"withdrawn\",\"result\":\"x\"}");
        await Host.SendAsync("{\"jsonrpc\":\"2.0\",\"params\":\"\0\"}");
        await Host.CallAsync("ping");
        Assert.False(result.IsCompleted);

        await Host.SendAsync(
            line.Replace("ID", id, StringComparison.Ordinal)
                .Replace(
                    "LONG",
                    line.Contains("LONG", StringComparison.Ordinal) ? new string('x', 33 * 1024 * 1024) : "",
                    StringComparison.Ordinal
                )
        );

        Assert.True((await result.WithinLimit()).IsError);
    }

    [Fact]
    public async Task An_answer_that_is_too_deep_or_too_long_fails_its_call()
    {
        await using var codex = await BeginTurnAsync();
        var deep = codex.CallAsync("call_1");
        var call = await Host.ToolCallAsync();
        await Host.SendAsync(
            $$"""{"jsonrpc":"2.0","result":{{new string('[', 500)}}{{new string(']', 500)}},"id":{{call["id"]!.ToJsonString()}}}"""
        );

        Assert.True((await deep).IsError);
        var large = codex.CallAsync("call_2");
        call = await Host.ToolCallAsync();
        var text = new string('x', 33 * 1024 * 1024);
        await Host.SendAsync($$"""{"jsonrpc":"2.0","id":{{call["id"]!.ToJsonString()}},"result":"{{text}}"}""");

        Assert.Contains(
            "longer than",
            Assert.IsType<TextContentBlock>(Assert.Single((await large).Content)).Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_host_whose_answer_is_refused_finds_that_in_its_log()
    {
        await using var codex = await BeginTurnAsync();
        var result = codex.CallAsync("call_1");
        await Host.AnswerAsync(await Host.ToolCallAsync(), JsonNode.Parse("""{"content":[{"type":"text","text":7}]}""")!);

        Assert.True((await result).IsError);
        await Limits.UntilAsync(
            () =>
                Host.Logs.Any(line =>
                    (string)line["msg"]! == "codex: tool answer refused" && (string)line["fields"]!["call_id"]! == "call_1"
                ),
            () => $"the log has {string.Join('\n', Host.Logs.Select(line => line.ToJsonString()))}"
        );
    }

    [Fact]
    public async Task A_call_that_is_not_answered_is_given_up_with_the_turn_and_the_last_event_is_the_last_frame()
    {
        await using var codex = await BeginTurnAsync();
        _ = codex.CallAsync("call_1");
        var call = await Host.ToolCallAsync();

        await Host.CallAsync(PlexumMethods.Cancel, new JsonObject { ["turn_id"] = codex.Turn });
        await Host.EndAsync(codex.Turn);

        Assert.True(Host.Unasked.Reader.TryRead(out var given));
        Assert.Equal(("notifications/cancelled", (string)call["id"]!), ((string)given["method"]!, (string)given["params"]!["requestId"]!));
    }

    [Fact]
    public async Task A_plugin_that_takes_a_turn_over_gets_the_calls_that_wait_and_the_events_that_are_missing()
    {
        await using var codex = await BeginTurnAsync();
        var events = await Host.EventsToAsync(codex.Turn, "text_delta");
        var result = codex.CallAsync("call_1");
        await Host.ToolCallAsync();

        var second = Begin().Host;
        await second.CallAsync(PlexumMethods.Stream, new JsonObject { ["turn_id"] = codex.Turn, ["after_seq"] = (int)events[^1]["seq"]! });
        var call = await second.ToolCallAsync();
        await second.AnswerAsync(call, new JsonObject { ["content"] = "from the second" });

        Assert.Equal("call_1", (string)call["params"]!["call_id"]!);
        Assert.Equal("from the second", Assert.IsType<TextContentBlock>((await result).Content[0]).Text);
        Stage.Codex.Touch("go");
        events.AddRange(await second.EndAsync(codex.Turn));
        Assert.Equal(Enumerable.Range(1, events.Count), events.Select(e => (int)e["seq"]!));
    }

    private async Task<CodexInPlace> BeginTurnAsync()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            "say one",
            $"relay {Stage.Codex.File("relay")}",
            $"touch {Stage.Codex.File("runs")}",
            $"wait {Stage.Codex.File("go")}",
            "say done",
            "completed 1 1"
        );
        var turn = await Host.StreamAsync(PlexumHost.Turn("hello", "alice", Workspace, "get"));
        await Stage.Codex.AppearsAsync("runs");
        return await CodexInPlace.ConnectAsync(Stage.Codex.File("relay"), turn);
    }
}
