using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.LoopbackModel.Tests;

public sealed class AnswerSpecs
{
    [Fact]
    public async Task A_reply_is_created_added_done_and_completed_in_this_order()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("héllo 😀"));

        var events = await client.AskAsync(new Conversation().User("hi"));

        Assert.Equal(
            ["response.created", "response.output_item.added", "response.output_item.done", "response.completed"],
            events.Select(one => (string)one["type"]!)
        );
        Assert.Equal("héllo 😀", ModelClient.TextOf(events));
        Assert.Equal((string)events[0]["response"]!["id"]!, (string)events[^1]["response"]!["id"]!);
        Assert.Empty(client.Server.Refusals);
    }

    [Fact]
    public async Task An_empty_answer_is_still_a_whole_response()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer());

        var events = await client.AskAsync(new Conversation().User("hi"));

        Assert.Equal(["response.created", "response.completed"], events.Select(one => (string)one["type"]!));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(1000)]
    public async Task Deltas_add_up_to_the_text_and_never_cut_a_character(int length)
    {
        const string Text = "😀a😀😀 the quick brown fox 😀";
        await using var client = await ModelClient.StartAsync(new ModelAnswer().ReplyInDeltas(Text, length));

        var events = await client.AskAsync(new Conversation().User("hi"));

        var deltas = events
            .Where(one => (string)one["type"]! == "response.output_text.delta")
            .Select(one => (string)one["delta"]!)
            .ToList();
        Assert.Equal(Text, string.Concat(deltas));
        Assert.DoesNotContain(deltas, delta => char.IsLowSurrogate(delta[0]) || char.IsHighSurrogate(delta[^1]));
        Assert.Equal(Text, ModelClient.TextOf(events));
    }

    [Fact]
    public async Task Steps_come_as_items_in_their_order_with_ids_of_their_own()
    {
        var answer = new ModelAnswer()
            .Reason("hm")
            .Reply("one moment")
            .RunCommand("ls \"a b\"", waitAtMost: TimeSpan.FromSeconds(2))
            .CallMcpTool("plexum-host-alice", "memory_get", """{"key":"k1"}""")
            .ApplyPatch("*** Begin Patch");
        await using var client = await ModelClient.StartAsync(answer);

        var items = ModelClient.ItemsOf(await client.AskAsync(new Conversation().User("hi")));

        Assert.Equal(
            ["reasoning", "message", "function_call", "function_call", "custom_tool_call"],
            items.Select(item => (string)item["type"]!)
        );
        Assert.Equal("hm", (string)items[0]["summary"]![0]!["text"]!);
        Assert.Equal("exec_command", (string)items[2]["name"]!);
        Assert.Equal("""{"cmd":"ls \"a b\"","yield_time_ms":2000}""", Canonical((string)items[2]["arguments"]!));
        Assert.Equal("mcp__plexum_host_alice", (string)items[3]["namespace"]!);
        Assert.Equal("""{"key":"k1"}""", (string)items[3]["arguments"]!);
        Assert.Equal("*** Begin Patch", (string)items[4]["input"]!);
        Assert.Equal(5, items.Select(item => (string)item["id"]!).Distinct().Count());
        Assert.Equal(3, items.Skip(2).Select(item => (string)item["call_id"]!).Distinct().Count());
    }

    [Fact]
    public async Task Two_servers_never_give_the_same_call_id()
    {
        await using var one = await ModelClient.StartAsync(new ModelAnswer().RunCommand("true"));
        await using var other = await ModelClient.StartAsync(new ModelAnswer().RunCommand("true"));

        var first = ModelClient.ItemsOf(await one.AskAsync(new Conversation().User("hi")));
        var second = ModelClient.ItemsOf(await other.AskAsync(new Conversation().User("hi")));

        Assert.NotEqual((string)first[0]["call_id"]!, (string)second[0]["call_id"]!);
    }

    [Fact]
    public async Task Usage_is_reported_as_given()
    {
        await using var client = await ModelClient.StartAsync(
            new ModelAnswer().Reply("x").WithUsage(new(100, 20, CachedInput: 30, Reasoning: 5))
        );

        var usage = (await client.AskAsync(new Conversation().User("hi")))[^1]["response"]!["usage"]!;

        Assert.Equal(100, (int)usage["input_tokens"]!);
        Assert.Equal(30, (int)usage["input_tokens_details"]!["cached_tokens"]!);
        Assert.Equal(20, (int)usage["output_tokens"]!);
        Assert.Equal(5, (int)usage["output_tokens_details"]!["reasoning_tokens"]!);
        Assert.Equal(120, (int)usage["total_tokens"]!);
    }

    [Fact]
    public async Task Without_a_number_usage_grows_with_the_conversation()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("x"));

        var small = (await client.AskAsync(new Conversation().User("hi")))[^1]["response"]!["usage"]!["input_tokens"]!;
        var big = (await client.AskAsync(new Conversation().User(new string('x', 4000))))[^1]["response"]!["usage"]!["input_tokens"]!;

        Assert.InRange((int)big - (int)small, 990, 1010);
    }

    [Theory]
    [InlineData(400, "invalid_request_error")]
    [InlineData(401, "invalid_request_error")]
    [InlineData(429, "rate_limit_error")]
    [InlineData(500, "server_error")]
    [InlineData(503, "server_error")]
    public async Task A_failure_has_its_status_and_a_json_error(int status, string type)
    {
        var failure = status switch
        {
            400 => ModelFailure.BadRequest(),
            401 => ModelFailure.Unauthorized(),
            429 => ModelFailure.RateLimited(),
            _ => ModelFailure.ServerError(status),
        };
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Fail(failure));

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("hi").Body()));

        Assert.Equal(status, (int)response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal(type, (string)error["type"]!);
        Assert.NotEmpty((string)error["message"]!);
        Assert.Equal(ExchangeOutcome.Failed, await client.Server.Exchanges.Single().Outcome);
    }

    [Fact]
    public async Task A_usage_limit_gives_the_reset_time_in_body_and_headers()
    {
        var resetsAt = new DateTimeOffset(2031, 2, 3, 4, 5, 6, TimeSpan.Zero);
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Fail(ModelFailure.UsageLimit(resetsAt)));

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("hi").Body()));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal("usage_limit_reached", (string)error["type"]!);
        Assert.Equal(resetsAt.ToUnixTimeSeconds(), (long)error["resets_at"]!);
        Assert.Equal([$"{resetsAt.ToUnixTimeSeconds()}"], response.Headers.GetValues("x-codex-primary-reset-at"));
    }

    [Fact]
    public async Task A_failure_inside_the_stream_ends_it_with_response_failed()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("so far").Fail(ModelFailure.ContextWindowExceeded()));

        var events = await client.AskAsync(new Conversation().User("hi"));

        Assert.Equal("so far", ModelClient.TextOf(events));
        Assert.Equal("response.failed", (string)events[^1]["type"]!);
        Assert.Equal("context_length_exceeded", (string)events[^1]["response"]!["error"]!["code"]!);
    }

    [Fact]
    public async Task A_dropped_stream_breaks_off_after_all_that_was_said()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("so far").Drop());

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("hi").Body()));
        var (text, broken) = await ReadAsFarAsItGoesAsync(response);

        Assert.Equal("so far", ModelClient.TextOf(ModelClient.EventsOf(text)));
        Assert.True(broken);
        Assert.Equal(ExchangeOutcome.Dropped, await client.Server.Exchanges.Single().Outcome);
    }

    [Fact]
    public async Task A_stream_that_ends_early_ends_in_good_order_without_completion()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("so far").EndEarly());

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("hi").Body()));
        var (text, broken) = await ReadAsFarAsItGoesAsync(response);

        Assert.DoesNotContain(ModelClient.EventsOf(text), one => (string)one["type"]! == "response.completed");
        Assert.False(broken);
        Assert.Equal(ExchangeOutcome.EndedEarly, await client.Server.Exchanges.Single().Outcome);
    }

    [Fact]
    public async Task A_raw_item_and_a_raw_event_are_sent_as_they_are()
    {
        await using var client = await ModelClient.StartAsync(
            new ModelAnswer().Event("""{"type":"response.of_tomorrow","x":1}""").Item("""{"type":"item_of_tomorrow","y":2}""")
        );

        var events = await client.AskAsync(new Conversation().User("hi"));

        Assert.Equal(1, (int)events.Single(one => (string)one["type"]! == "response.of_tomorrow")["x"]!);
        Assert.Equal(2, (int)ModelClient.ItemsOf(events).Single()["y"]!);
    }

    [Fact]
    public async Task A_header_stands_on_the_response()
    {
        await using var client = await ModelClient.StartAsync(
            new ModelAnswer().Reply("x").WithHeader("x-codex-primary-used-percent", "42")
        );

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("hi").Body()));

        Assert.Equal(["42"], response.Headers.GetValues("x-codex-primary-used-percent"));
    }

    [Fact]
    public void Nothing_follows_what_ends_an_answer()
    {
        Assert.Throws<InvalidOperationException>(() => new ModelAnswer().Drop().Reply("x"));
        Assert.Throws<InvalidOperationException>(() => new ModelAnswer().Stall().Reply("x"));
        Assert.Throws<InvalidOperationException>(() => new ModelAnswer().EndEarly().RunCommand("x"));
        Assert.Throws<InvalidOperationException>(() => new ModelAnswer().Fail(ModelFailure.QuotaExceeded()).Reply("x"));
    }

    [Fact]
    public void A_status_does_not_follow_what_has_been_said()
    {
        Assert.Throws<InvalidOperationException>(() => new ModelAnswer().Reply("x").Fail(ModelFailure.ServerError()));
        Assert.NotNull(new ModelAnswer().WaitFor(new StallGate()).Fail(ModelFailure.ServerError()));
    }

    [Fact]
    public void An_answer_does_not_change_when_a_longer_one_is_made_of_it()
    {
        var stem = new ModelAnswer().Reply("a");
        _ = stem.Drop();

        Assert.NotNull(stem.Reply("b"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    public void A_raw_item_has_to_be_a_json_object(string json) => Assert.ThrowsAny<JsonException>(() => new ModelAnswer().Item(json));

    private static async Task<(string Text, bool Broken)> ReadAsFarAsItGoesAsync(HttpResponseMessage response)
    {
        using var text = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync();
        try
        {
            await stream.CopyToAsync(text);
            return (System.Text.Encoding.UTF8.GetString(text.ToArray()), Broken: false);
        }
        catch (IOException)
        {
            return (System.Text.Encoding.UTF8.GetString(text.ToArray()), Broken: true);
        }
    }

    private static string Canonical(string json)
    {
        using var document = JsonDocument.Parse(json);
        using var to = new MemoryStream();
        using (
            var writer = new Utf8JsonWriter(
                to,
                new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            document.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(to.ToArray());
    }
}
