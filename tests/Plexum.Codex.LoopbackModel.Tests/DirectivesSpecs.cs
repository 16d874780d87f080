using System.Text.Json.Nodes;

namespace Plexum.Codex.LoopbackModel.Tests;

public sealed class DirectivesSpecs
{
    [Theory]
    [InlineData("hello")]
    [InlineData("--help")]
    [InlineData("two\nlines ! and \"quotes\" 😀")]
    public async Task A_prompt_without_directives_is_said_back_unchanged(string prompt)
    {
        await using var client = await ModelClient.StartAsync();

        Assert.Equal(prompt, ModelClient.TextOf(await client.AskAsync(new Conversation().User(prompt))));
    }

    [Fact]
    public async Task Directives_are_followed_in_their_order_round_by_round()
    {
        const string Prompt =
            "!think hm\n!say before\nsecond line\n!run ls -la\n"
            + "!mcp plexum-host-alice memory_get {\"key\":\"k 1\"}\n!outputs\n!run pwd\n!say end\n!usage 10 20 3 4";
        await using var client = await ModelClient.StartAsync();
        var conversation = new Conversation().User(Prompt);

        var first = await client.AskAsync(conversation);
        var second = await client.AskAsync(conversation.Call("a").Call("b").Output("a", "1").Output("b", "2"));
        var third = await client.AskAsync(conversation.Assistant("1\n2").Call("c").Output("c", "3"));

        Assert.Equal("before\nsecond line", ModelClient.TextOf(first));
        Assert.Equal(["reasoning", "message", "function_call", "function_call"], Types(first));
        Assert.Equal("""{"key":"k 1"}""", (string)ModelClient.ItemsOf(first)[3]["arguments"]!);
        Assert.Equal("1\n2", ModelClient.TextOf(second));
        Assert.Equal(["message", "function_call"], Types(second));
        Assert.Equal(["message"], Types(third));
        Assert.Equal("end", ModelClient.TextOf(third));
        Assert.All([first, second, third], events => Assert.Equal(10, (int)events[^1]["response"]!["usage"]!["input_tokens"]!));
    }

    [Fact]
    public async Task Recall_tells_what_earlier_turns_said()
    {
        await using var client = await ModelClient.StartAsync();

        var events = await client.AskAsync(new Conversation().Environment().User("my name is Blue").Assistant("ok").User("!recall"));

        Assert.Equal("my name is Blue", ModelClient.TextOf(events));
    }

    [Fact]
    public async Task Echo_says_the_whole_prompt()
    {
        await using var client = await ModelClient.StartAsync();

        Assert.Equal("!echo x\ny", ModelClient.TextOf(await client.AskAsync(new Conversation().User("!echo x\ny"))));
    }

    [Fact]
    public async Task Drop_once_drops_the_first_attempt_only()
    {
        await using var client = await ModelClient.StartAsync();
        var conversation = new Conversation().User("!drop-once\n!say fine");

        using (var dropped = await client.PostAsync(Conversation.Content(conversation.Body())))
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => dropped.Content.ReadAsStringAsync());
        }

        Assert.Equal("fine", ModelClient.TextOf(await client.AskAsync(conversation)));
    }

    [Theory]
    [InlineData("400", 400)]
    [InlineData("401", 401)]
    [InlineData("429", 429)]
    [InlineData("500", 500)]
    [InlineData("503", 503)]
    [InlineData("limit", 429)]
    public async Task Fail_gives_the_status(string kind, int status)
    {
        await using var client = await ModelClient.StartAsync();

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User($"!fail {kind}").Body()));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("!bogus", "!say")]
    [InlineData("!fail 299", "299")]
    [InlineData("!usage one 2", "one")]
    [InlineData("!usage 1", "two to four")]
    [InlineData("!mcp server", "!mcp")]
    [InlineData("!drop\n!say x", "Nothing can follow")]
    public async Task A_mistake_in_a_directive_is_answered_with_what_is_wrong(string prompt, string expected)
    {
        await using var client = await ModelClient.StartAsync();

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User(prompt).Body()));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(
            expected,
            (string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!["message"]!,
            StringComparison.Ordinal
        );
    }

    private static IEnumerable<string> Types(List<JsonObject> events) => ModelClient.ItemsOf(events).Select(item => (string)item["type"]!);
}
