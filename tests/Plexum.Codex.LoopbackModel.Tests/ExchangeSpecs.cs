using System.Net;
using Plexum.Codex.LoopbackModel.Answers;
using Plexum.Codex.LoopbackModel.Server;

namespace Plexum.Codex.LoopbackModel.Tests;

public sealed class ExchangeSpecs
{
    [Fact]
    public async Task Only_the_latest_exchanges_are_kept()
    {
        await using var client = await ModelClient.StartAsync(_ => new ModelAnswer().Reply("ok"), remembered: 3);

        for (var i = 1; i <= 5; i++)
        {
            await client.AskAsync(new Conversation().User($"{i}"));
        }

        Assert.Equal(["3", "4", "5"], client.Server.Exchanges.Select(exchange => exchange.Request!.LastUserText));
        Assert.Equal([3L, 4L, 5L], client.Server.Exchanges.Select(exchange => exchange.Number));
    }

    [Fact]
    public async Task Waiting_finds_what_is_past_and_what_comes()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("ok"));
        var later = client.Server.WaitForExchangeAsync(exchange => exchange.Request!.LastUserText == "b");

        await client.AskAsync(new Conversation().User("a"));
        Assert.False(later.IsCompleted);
        await client.AskAsync(new Conversation().User("b"));

        Assert.Equal(2, (await later.WithinLimit()).Number);
        Assert.Equal(1, (await client.Server.WaitForExchangeAsync(exchange => exchange.Request!.LastUserText == "a")).Number);
    }

    [Fact]
    public async Task A_repeated_request_of_one_round_counts_as_a_further_attempt()
    {
        await using var client = await ModelClient.StartAsync(request =>
            request.Attempt == 0 ? new ModelAnswer().EndEarly() : new ModelAnswer().Reply("fine")
        );
        var conversation = new Conversation().User("x");

        var first = await client.AskAsync(conversation);
        var second = await client.AskAsync(conversation);
        await client.AskAsync(new Conversation { TurnId = "another turn" }.User("x"));

        Assert.Equal("", ModelClient.TextOf(first));
        Assert.Equal("fine", ModelClient.TextOf(second));
        Assert.Equal([0, 1, 0], client.Server.Exchanges.Select(exchange => exchange.Request!.Attempt));
    }

    [Fact]
    public async Task A_gate_holds_answers_until_it_is_opened()
    {
        var gate = new StallGate();
        await using var client = await ModelClient.StartAsync(new ModelAnswer().WaitFor(gate).Reply("ok"));
        var asked = Enumerable.Range(0, 3).Select(_ => client.AskAsync(new Conversation().User("x"))).ToList();

        await gate.ReachedAsync(3).WithinLimit();
        Assert.Equal(3, gate.Arrived);
        Assert.All(asked, one => Assert.False(one.IsCompleted));
        gate.Open();

        Assert.All(await Task.WhenAll(asked).WithinLimit(), events => Assert.Equal("ok", ModelClient.TextOf(events)));
        await client.AskAsync(new Conversation().User("x")).WithinLimit();
    }

    [Fact]
    public async Task A_failure_behind_a_gate_still_has_its_status()
    {
        var gate = new StallGate();
        await using var client = await ModelClient.StartAsync(new ModelAnswer().WaitFor(gate).Fail(ModelFailure.ServerError()));
        var asked = client.PostAsync(Conversation.Content(new Conversation().User("x").Body()));

        await gate.ReachedAsync().WithinLimit();
        gate.Open();

        using var response = await asked.WithinLimit();
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task A_stalled_answer_ends_when_the_client_goes()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("so far").Stall());
        var response = await client.PostAsync(Conversation.Content(new Conversation().User("x").Body()));

        response.Dispose();

        var exchange = await client.Server.WaitForExchangeAsync(_ => true);
        Assert.Equal(ExchangeOutcome.ClientGone, await exchange.Outcome.WithinLimit());
    }

    [Fact]
    public async Task A_stalled_answer_ends_when_the_server_is_disposed()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().Reply("so far").Stall());
        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("x").Body()));
        var exchange = await client.Server.WaitForExchangeAsync(_ => true);

        await client.Server.DisposeAsync().WithinLimit();

        Assert.Equal(ExchangeOutcome.ServerStopped, await exchange.Outcome.WithinLimit());
        await client.Server.DisposeAsync();
    }

    [Fact]
    public async Task A_call_of_a_tool_that_is_not_offered_is_refused_and_names_those_that_are()
    {
        await using var client = await ModelClient.StartAsync(new ModelAnswer().CallMcpTool("nobody", "nothing"));

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("x").Body()));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var refusal = Assert.Single(client.Server.Refusals);
        Assert.Contains("mcp__nobody.nothing", refusal, StringComparison.Ordinal);
        Assert.Contains("mcp__plexum_host_alice.memory_get", refusal, StringComparison.Ordinal);
        Assert.Equal(ExchangeOutcome.Refused, await client.Server.Exchanges.Single().Outcome);
    }

    [Fact]
    public async Task A_script_that_throws_fails_this_request_only()
    {
        await using var client = await ModelClient.StartAsync(request =>
            request.LastUserText == "bad" ? throw new InvalidTimeZoneException("no idea") : new ModelAnswer().Reply("ok")
        );

        using var response = await client.PostAsync(Conversation.Content(new Conversation().User("bad").Body()));
        var good = await client.AskAsync(new Conversation().User("good"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("no idea", Assert.Single(client.Server.Refusals), StringComparison.Ordinal);
        Assert.Equal("ok", ModelClient.TextOf(good));
    }

    [Fact]
    public async Task Many_at_once_each_have_their_own_answer()
    {
        await using var client = await ModelClient.StartAsync(request => new ModelAnswer().Reply(request.LastUserText));

        var texts = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async i => (i, ModelClient.TextOf(await client.AskAsync(new Conversation { ThreadId = $"t{i}" }.User($"{i}")))))
        );

        Assert.All(texts, pair => Assert.Equal($"{pair.i}", pair.Item2));
        Assert.Equal(200, client.Server.Exchanges.Select(exchange => exchange.Request!.ThreadId).Distinct().Count());
    }
}
