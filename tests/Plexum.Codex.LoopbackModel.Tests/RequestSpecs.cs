using System.Net;
using System.Text.Json.Nodes;
using Plexum.Codex.LoopbackModel.Answers;

namespace Plexum.Codex.LoopbackModel.Tests;

public sealed class RequestSpecs
{
    [Fact]
    public async Task A_request_is_read_into_its_parts()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));
        var conversation = new Conversation()
            .Environment()
            .User("first")
            .Assistant("answer")
            .Call("c1")
            .Output("c1", "out 1")
            .User("second");

        await client.AskAsync(conversation);

        var request = client.Server.Exchanges.Single().Request!;
        Assert.Equal("gpt-5", request.Model);
        Assert.Equal(conversation.ThreadId, request.ThreadId);
        Assert.Equal(conversation.TurnId, request.TurnId);
        Assert.Equal(conversation.ThreadId, request.PromptCacheKey);
        Assert.Equal(["first", "second"], request.UserTexts);
        Assert.Equal("second", request.LastUserText);
        Assert.Equal(6, request.Input.Count);
        Assert.Equal(0, request.Round);
        Assert.Empty(request.ToolOutputs);
        Assert.True(request.Offers("exec_command"));
        Assert.True(request.Offers("memory_get", "mcp__plexum_host_alice"));
        Assert.False(request.Offers("memory_get"));
        Assert.Equal("application/json", request.Headers["CONTENT-TYPE"]);
    }

    [Fact]
    public async Task Calls_made_together_count_as_one_round()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));

        await client.AskAsync(
            new Conversation()
                .User("do")
                .Call("a")
                .Call("b")
                .Output("a", "1")
                .Output("b", "2")
                .Assistant("and")
                .Call("c", type: "custom_tool_call")
                .Output("c", "3", "custom_tool_call_output")
        );

        var request = client.Server.Exchanges.Single().Request!;
        Assert.Equal(2, request.Round);
        Assert.Equal(["1", "2", "3"], request.ToolOutputs);
    }

    [Fact]
    public async Task An_output_in_parts_is_read_as_their_texts()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));
        var parts = new JsonArray(
            new JsonObject { ["type"] = "input_text", ["text"] = "Wall time: 1" },
            new JsonObject { ["type"] = "input_text", ["text"] = "value" }
        );

        await client.AskAsync(new Conversation().User("do").Call("a").Output("a", parts));

        Assert.Equal(["Wall time: 1\nvalue"], client.Server.Exchanges.Single().Request!.ToolOutputs);
    }

    [Fact]
    public async Task Images_are_told_apart_from_the_text_around_them()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));
        var message = new JsonObject
        {
            ["type"] = "message",
            ["role"] = "user",
            ["content"] = new JsonArray(
                new JsonObject { ["type"] = "input_text", ["text"] = "<image name=[Image #1] path=\"/x/a.png\">" },
                new JsonObject { ["type"] = "input_image", ["image_url"] = "data:image/png;base64,AAAA" },
                new JsonObject { ["type"] = "input_text", ["text"] = "</image>" },
                new JsonObject { ["type"] = "input_text", ["text"] = "what is this?" }
            ),
        };

        await client.AskAsync(new Conversation().Item(message));

        var request = client.Server.Exchanges.Single().Request!;
        Assert.Equal("what is this?", request.LastUserText);
        Assert.Equal(["data:image/png;base64,AAAA"], request.Input.Single().Images);
    }

    [Theory]
    [InlineData("not json", "not JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("""{"stream":true,"input":[{"role":"user","content":"x"}]}""", "'model'")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":"x"}]}""", "'stream'")]
    [InlineData("""{"model":"m","stream":true,"input":[]}""", "'input'")]
    [InlineData("""{"model":"m","stream":true,"input":"x"}""", "'input'")]
    [InlineData("""{"model":"m","stream":true,"input":[1]}""", "input[0]")]
    [InlineData("""{"model":"m","stream":true,"input":[{"role":"king","content":"x"}]}""", "'king'")]
    [InlineData("""{"model":"m","stream":true,"input":[{"role":"user"}]}""", "'content'")]
    [InlineData("""{"model":"m","stream":true,"input":[{"type":"function_call","call_id":"a"}]}""", "'name' and 'arguments'")]
    [InlineData("""{"model":"m","stream":true,"input":[{"role":"user","content":"x"}],"tools":[{"type":"function"}]}""", "'name'")]
    [InlineData(
        """{"model":"m","stream":true,"input":[{"role":"user","content":"x"}]"""
            + ""","tools":[{"type":"function","name":"a"},{"type":"function","name":"a"}]}""",
        "twice"
    )]
    [InlineData(
        """{"model":"m","stream":true,"input":[{"role":"user","content":"x"}],"tools":[{"type":"namespace","name":"a"}]}""",
        "'tools'"
    )]
    public async Task A_request_that_makes_no_sense_is_refused_with_the_reason(string body, string reason)
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));

        using var response = await client.PostAsync(Conversation.Content(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            reason,
            (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"]!,
            StringComparison.Ordinal
        );
        Assert.Contains(reason, Assert.Single(client.Server.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_output_is_refused_as_the_service_does()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("x").Call("c9").Body()));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("No tool output found for function call c9.", Assert.Single(client.Server.Refusals));
    }

    [Theory]
    [InlineData("""{"type":"local_shell_call","id":"lsh_2","call_id":null,"status":"in_progress","action":{"type":"exec"}}""", true)]
    [InlineData("""{"type":"local_shell_call","call_id":null,"status":"in_progress","action":{"type":"exec"}}""", false)]
    [InlineData("""{"type":"local_shell_call","id":"lsh_2","call_id":"c9","status":"completed","action":{"type":"exec"}}""", false)]
    [InlineData("""{"type":"custom_tool_call","id":"ctc_1","call_id":null,"name":"apply_patch","input":"x"}""", false)]
    public async Task Only_a_call_of_the_old_shell_may_have_just_an_id_of_its_own_and_no_output(string call, bool isTaken)
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));
        var conversation = new Conversation().User("x").Item(JsonNode.Parse(call)!.AsObject()).User("y");

        using var response = await client.PostAsync(Conversation.Content(conversation.Body()));

        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task An_output_without_call_is_refused_as_the_service_does()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("x").Output("c9", "y").Body()));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("c9", Assert.Single(client.Server.Refusals), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_another_type_or_encoding_is_refused()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));
        using var text = new StringContent("{}");
        using var packed = Conversation.Content("{}");
        packed.Headers.ContentEncoding.Add("zstd");

        using var first = await client.PostAsync(text);
        using var second = await client.PostAsync(packed);

        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, second.StatusCode);
        Assert.Contains("zstd", client.Server.Refusals[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("models")]
    [InlineData("responses")]
    [InlineData("responses/compact")]
    public async Task All_else_is_answered_with_404_and_not_recorded(string path)
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));

        using var response = await client.GetAsync(new Uri($"{client.Server.BaseUrl}/{path}"));

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(client.Server.Exchanges);
    }

    [Fact]
    public async Task A_long_prompt_arrives_whole()
    {
        var prompt = string.Concat(Enumerable.Repeat("a\"\\\n😀\u0001", 200_000));
        await using var client = await ModelClient.StartAsync(request => new ModelAnswer().Reply(request.LastUserText));

        var events = await client.AskAsync(new Conversation().User(prompt));

        Assert.Equal(prompt, ModelClient.TextOf(events));
    }
}
