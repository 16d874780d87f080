using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>What the tools answer.</summary>
public sealed class CodexToolSpecs : CodexToolTest, IAsyncLifetime
{
    private McpClient _client = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _client = await ConnectAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await LeaveAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Five_tools_are_offered_with_schemas_of_what_they_take_and_give()
    {
        var tools = await _client.ListToolsAsync().WithinLimit();

        Assert.Equal(
            ["codex_turn", "codex_cancel", "codex_approve", "codex_steer", "codex_consume", "codex_agents"],
            tools.Select(tool => tool.Name)
        );
        Assert.All(tools, tool =>
        {
            Assert.Equal("object", tool.JsonSchema.GetProperty("type").GetString());
            Assert.False(tool.JsonSchema.GetProperty("additionalProperties").GetBoolean());
            Assert.Equal("object", tool.ReturnJsonSchema!.Value.GetProperty("type").GetString());
            Assert.True(tool.Description.Length > 40);
        });
    }

    [Fact]
    public async Task A_turn_gives_its_answer_as_text_and_all_about_it_for_programs()
    {
        Stage.Codex.Script("thread", "turn", "say one", "say two ${prompt}", "completed 10 5 2 1");

        var result = await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"hello"}""");

        Assert.Equal("one\n\ntwo hello", TextOf(result));
        var turn = Good(result);
        Assert.Equal("alice", turn.GetProperty("agent_id").GetString());
        Assert.Equal("end_turn", turn.GetProperty("stop_reason").GetString());
        Assert.Equal("one\n\ntwo hello", turn.GetProperty("text").GetString());
        Assert.Equal(10, turn.GetProperty("usage").GetProperty("input_tokens").GetInt64());
        Assert.True(Guid.TryParse(turn.GetProperty("thread_id").GetString(), out _));
        Assert.Equal(
            turn.GetProperty("turn_id").GetString(),
            (string)(await Stage.Api.GetAsync("/v1/turns?agent=alice")).Json["turns"]![0]!["turn_id"]!
        );
    }

    [Fact]
    public async Task A_turn_can_say_how_codex_works()
    {
        Stage.Codex.Script("thread", "turn", "say done", "completed 1 1");

        var result = await CallAsync(
            _client,
            "codex_turn",
            """{"agent":"alice","prompt":"hello","backend":"exec","effort":"low","output_schema":{"type":"object"}}"""
        );
        var wrong = await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"hello","output_schema":[]}""");

        Good(result);
        var arguments = Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]).Argv;
        Assert.Contains("model_reasoning_effort=\"low\"", arguments);
        Assert.Contains("--output-schema", arguments);
        Assert.True(wrong.IsError);
        Assert.StartsWith("The argument \"output_schema\" of codex_turn must be a JSON schema", TextOf(wrong), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_waits_for_an_answer_says_so_and_goes_on_once_it_has_it()
    {
        Stage.Codex.Script("thread", "turn", "approve rm -rf x", "say ${answer}", "completed 1 1");

        var result = await CallAsync(
            _client,
            "codex_turn",
            """{"agent":"alice","prompt":"hello","backend":"app-server","approvals":"on-request"}"""
        );

        var waiting = Good(result);
        var (turn, asked) = (waiting.GetProperty("turn_id").GetString(), waiting.GetProperty("approvals")[0]);
        Assert.Equal(("waiting", "alice", "rm -rf x"), (Text(waiting, "status"), Text(waiting, "agent_id"), Text(asked, "command")));
        Assert.Contains("$ rm -rf x", TextOf(result), StringComparison.Ordinal);
        Good(await CallAsync(_client, "codex_approve", $$"""{"approval":"{{Text(asked, "id")}}","decision":"accept"}"""));
        Assert.Equal("accept", TextOf(await CallAsync(_client, "codex_turn", $$"""{"turn":"{{turn}}"}""")));
    }

    [Fact]
    public async Task A_turn_can_be_restricted_and_have_images()
    {
        Stage.Codex.Script("thread", "turn", "say done", "completed 1 1");
        var image = Path.Combine(Stage.Codex.Workspace, "a.png");
        File.WriteAllBytes(image, [0x89, .. "PNG"u8, 1, 2, 3]);
        var turn = $$"""{"agent":"alice","prompt":"hello","workspace":"{{Stage.Codex.Workspace}}","sandbox":"read-only","images":""";

        var result = await CallAsync(_client, "codex_turn", $$"""{{turn}}["{{image}}"]}""");
        var outside = await CallAsync(_client, "codex_turn", $$"""{{turn}}["/etc/a.png"]}""");
        var wrong = await CallAsync(_client, "codex_turn", $$"""{{turn}}[1]}""");

        Assert.Equal("exec", Good(result).GetProperty("backend").GetString());
        var arguments = Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]).Argv;
        Assert.Contains("sandbox_mode=\"read-only\"", arguments);
        Assert.Contains("-i", arguments);
        Assert.Contains("/etc/a.png", Bad(outside), StringComparison.Ordinal);
        Assert.Equal("The argument \"images\" of codex_turn must be a list of strings.", Bad(wrong));
    }

    [Fact]
    public async Task A_turn_that_ends_with_work_and_no_message_says_that_it_has_no_answer()
    {
        Stage.Codex.Script("thread", "turn", "say I shall look.", "command ls", "completed 1 1");

        var result = await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"hello"}""");

        Assert.StartsWith("I shall look.", TextOf(result), StringComparison.Ordinal);
        Assert.EndsWith("what codex said before is no answer.", TextOf(result), StringComparison.Ordinal);
        Assert.Equal("I shall look.", Good(result).GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_turn_begins_a_new_thread_where_it_is_asked_to()
    {
        await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"one"}""");
        await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"two","new_thread":true}""");
        await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"three"}""");

        Assert.Equal([false, false, true], Stage.Codex.Turns.Select(turn => turn.Argv.Contains("resume")));
    }

    [Fact]
    public async Task A_turn_that_fails_is_an_error_with_its_reason_and_what_was_said_before()
    {
        Stage.Codex.Script("thread", "turn", "say half an answer", "failed The model is on holiday.", "exit 1");

        var result = await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"hello"}""");

        var text = Bad(result);
        Assert.Contains("failed: The model is on holiday.", text, StringComparison.Ordinal);
        Assert.EndsWith("half an answer", text, StringComparison.Ordinal);
        Assert.Equal("error", result.StructuredContent!.Value.GetProperty("stop_reason").GetString());
        Assert.Equal("The model is on holiday.", result.StructuredContent!.Value.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_turn_that_is_not_waited_for_can_be_read_by_its_id_and_by_its_key_and_runs_once()
    {
        Stage.Codex.Script("thread", "turn", $"wait {Stage.Codex.File("go")}", "say done", "completed 1 1");
        const string Begin = """{"agent":"alice","prompt":"hello","idempotency_key":"k1","wait":false}""";

        var begun = Good(await CallAsync(_client, "codex_turn", Begin));
        var id = begun.GetProperty("turn_id").GetString()!;
        Assert.Equal(0, begun.GetProperty("position").GetInt32());
        Assert.Equal(id, Good(await CallAsync(_client, "codex_turn", Begin)).GetProperty("turn_id").GetString());
        var byId = CallAsync(_client, "codex_turn", $$"""{"turn":"{{id}}"}""");
        var byKey = CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"hello","idempotency_key":"k1"}""");
        var other = Bad(await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"bye","idempotency_key":"k1"}"""));
        Assert.Contains($"belongs to turn {id}", other, StringComparison.Ordinal);
        Stage.Codex.Touch("go");

        Assert.Equal("done", TextOf(await byId));
        Assert.Equal("done", TextOf(await byKey));
        Assert.Equal("done", TextOf(await CallAsync(_client, "codex_turn", $$"""{"turn":"{{id}}"}""")));
        Assert.Single(Stage.Codex.Calls, call => call.Argv is ["exec", ..]);
    }

    [Fact]
    public async Task A_call_for_a_Plexum_host_s_agent_is_that_agent_s_unless_it_names_another()
    {
        const string Meta = """{"agent_id":"alice"}""";

        Assert.Equal("alice", Good(await CallAsync(_client, "codex_turn", """{"prompt":"x"}""", Meta)).GetProperty("agent_id").GetString());
        Assert.Equal(
            "bob",
            Good(await CallAsync(_client, "codex_turn", """{"prompt":"x","agent":"bob"}""", Meta)).GetProperty("agent_id").GetString()
        );
        Assert.Contains(
            "needs the argument \"agent\"",
            Bad(await CallAsync(_client, "codex_turn", """{"prompt":"x"}""")),
            StringComparison.Ordinal
        );
        var agents = await CallAsync(_client, "codex_agents", "{}");
        Assert.Equal(
            ["alice", "bob"],
            Good(agents).GetProperty("agents").EnumerateArray().Select(agent => agent.GetProperty("agent_id").GetString())
        );
        Assert.Contains("\nbob: ", TextOf(agents), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_turn_there_are_no_agents() =>
        Assert.StartsWith("No agent has had a turn yet", TextOf(await CallAsync(_client, "codex_agents", "{}")), StringComparison.Ordinal);

    [Fact]
    public async Task A_turn_and_all_of_an_agent_s_turns_can_be_cancelled()
    {
        Stage.Codex.Script("thread", "turn", $"touch {Stage.Codex.File("runs")}", "hang");
        async Task<string> BeginAsync() =>
            Good(await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"x","wait":false}"""))
                .GetProperty("turn_id")
                .GetString()!;
        var (first, second, third) = (await BeginAsync(), await BeginAsync(), await BeginAsync());
        await Stage.Codex.AppearsAsync("runs");

        var one = Good(await CallAsync(_client, "codex_cancel", $$"""{"turn":"{{second}}"}"""));
        Assert.Equal(("dequeued", second), Outcome(one, 0));
        var all = Good(await CallAsync(_client, "codex_cancel", """{"agent":"alice","force":true}"""));

        Assert.Equal(2, all.GetProperty("cancelled").GetArrayLength());
        Assert.Equal(("dequeued", third), Outcome(all, 0));
        Assert.Equal(("killed", first), Outcome(all, 1));
        foreach (var turn in new[] { first, second, third })
        {
            Assert.Contains(
                "was cancelled.",
                Bad(await CallAsync(_client, "codex_turn", $$"""{"turn":"{{turn}}"}""")),
                StringComparison.Ordinal
            );
        }

        // A turn has told its end before its agent has put it away.
        await Limits.UntilAsync(async () =>
            TextOf(await CallAsync(_client, "codex_cancel", """{"agent":"alice"}""")) == "alice has no running or queued turn."
        );
    }

    [Fact]
    public async Task Calls_can_be_consumed()
    {
        Stage.Codex.Script(
            "thread",
            "turn",
            """rollout {"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"call_1"}}""",
            """rollout {"type":"response_item","payload":"""
                + """{"type":"function_call_output","call_id":"call_1","output":"a long output that is worth taking out"}}""",
            "say done",
            "completed 1 1"
        );
        Assert.Equal(
            1,
            Good(await CallAsync(_client, "codex_turn", """{"agent":"alice","prompt":"x"}""")).GetProperty("tool_calls").GetInt32()
        );

        var result = await CallAsync(
            _client,
            "codex_consume",
            """{"agent":"alice","mutations":[{"block_id":"call_1","op":"consume-light"},{"block_id":"call_2","op":"melt"}]}"""
        );

        Assert.Equal((1, 2), (Good(result).GetProperty("touched").GetInt32(), Good(result).GetProperty("requested").GetInt32()));
        Assert.StartsWith("1 of 2 calls are consumed.\nThe operation \"melt\" is unknown", TextOf(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("codex_turn", """{"agent":"alice"}""", "needs the argument \"prompt\"")]
    [InlineData("codex_turn", """{"agent":"alice","prompt":"x","turn":"t"}""", "and not both")]
    [InlineData("codex_turn", """{"agent":"alice","prompt":7}""", "\"prompt\" of codex_turn must be a string")]
    [InlineData("codex_turn", """{"agent":"../x","prompt":"x"}""", "is not a valid agent id")]
    [InlineData("codex_turn", """{"agent":"alice","prompt":"x","wait":"no"}""", "must be true or false")]
    [InlineData("codex_turn", """{"agent":"alice","prompt":"x","idempotency_key":""}""", "1 to 256 characters")]
    [InlineData("codex_turn", """{"agent":"alice","prompt":"x","promt":"y"}""", "has no argument \"promt\"; it has agent, prompt")]
    [InlineData("codex_turn", """{"agent":"alice","prompt":"x","workspace":"here"}""", "absolute")]
    [InlineData("codex_turn", """{"turn":"unknown"}""", "There is no such turn")]
    [InlineData("codex_cancel", "{}", "\"turn\" or \"agent\"")]
    [InlineData("codex_cancel", """{"turn":"unknown"}""", "There is no such turn")]
    [InlineData("codex_approve", """{"approval":"q-00000000"}""", "or neither to list")]
    [InlineData("codex_approve", """{"approval":"q-00000000","decision":"yes"}""", "is not a decision")]
    [InlineData("codex_approve", """{"approval":"q-00000000","decision":"accept"}""", "does not ask \"q-00000000\" any more")]
    [InlineData("codex_steer", """{"text":"x"}""", "needs the argument \"turn\"")]
    [InlineData("codex_steer", """{"turn":"unknown","text":" "}""", "needs the argument \"text\"")]
    [InlineData("codex_steer", """{"turn":"unknown","text":"x"}""", "There is no such turn")]
    [InlineData("codex_consume", """{"agent":"alice"}""", "\"mutations\" of codex_consume must be a list")]
    [InlineData("codex_consume", """{"agent":"alice","mutations":[7]}""", "[0] is not an object")]
    [InlineData("codex_consume", """{"agent":"alice","mutations":[{"op":"consume-light"}]}""", "needs \"block_id\"")]
    [InlineData("codex_agents", """{"limit":5}""", "has no argument \"limit\"; it has none")]
    [InlineData("codex_spawn", "{}", "the tools are codex_turn, codex_cancel, codex_approve, codex_steer, codex_consume, codex_agents")]
    public async Task What_is_wrong_is_said_in_a_sentence_for_the_model(string tool, string arguments, string sentence) =>
        Assert.Contains(sentence, Bad(await CallAsync(_client, tool, arguments)), StringComparison.Ordinal);

    [Fact]
    public async Task Arguments_that_are_no_object_are_said_in_a_sentence_too()
    {
        var request = new JsonRpcRequest
        {
            Method = RequestMethods.ToolsCall,
            Params = System.Text.Json.Nodes.JsonNode.Parse("""{"name":"codex_agents","arguments":[]}"""),
        };

        var result = (await _client.SendRequestAsync(request).WithinLimit()).Result!;

        Assert.True((bool)result["isError"]!);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static (string?, string?) Outcome(JsonElement answer, int index)
    {
        var done = answer.GetProperty("cancelled")[index];
        return (done.GetProperty("outcome").GetString(), done.GetProperty("turn_id").GetString());
    }
}
