namespace Plexum.Codex.Host.Api;

public sealed class AgentThreadSpecs
{
    [Fact]
    public async Task An_agent_says_why_its_thread_was_not_continued_until_it_is()
    {
        await using var stage = await DaemonStage.StartAsync(
            "[call 2]",
            "unknown-thread",
            "[else]",
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
        var own = (await RunAsync(stage, "first")).Thread();
        Assert.Null((await stage.Api.AgentAsync("alice"))["thread_problem"]);

        var failed = await RunAsync(stage, "second");

        var agent = await stage.Api.AgentAsync("alice");
        Assert.Equal((own, "thread_unreachable"), ((string)agent["thread_id"]!, (string)agent["thread_problem"]!["code"]!));
        Assert.Equal((string)failed.Single(e => e.Type == "error").Json["message"]!, (string)agent["thread_problem"]!["message"]!);
        var listed = Assert.Single((await stage.Api.GetAsync("/v1/agents")).Json["agents"]!.AsArray())!;
        Assert.Equal("thread_unreachable", (string)listed["thread_problem"]!["code"]!);

        Assert.Equal(own, (await RunAsync(stage, "third")).Thread());
        Assert.Null((await stage.Api.AgentAsync("alice"))["thread_problem"]);
    }

    private static async Task<List<SseEvent>> RunAsync(DaemonStage stage, string text)
    {
        var events = await stage.Api.EventsAsync(await stage.Api.SubmitAsync(text));
        await stage.Host.Context.Ledger.FlushAsync();
        return events;
    }
}
