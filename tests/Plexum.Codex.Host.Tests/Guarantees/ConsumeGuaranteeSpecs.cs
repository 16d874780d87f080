namespace Plexum.Codex.Host.Guarantees;

public sealed class ConsumeGuaranteeSpecs(ConsumeGuaranteeSpecs.Daemon daemon) : IClassFixture<ConsumeGuaranteeSpecs.Daemon>
{
    [Fact]
    public async Task F1_A_consume_waits_for_the_turns_of_its_agent_that_were_accepted_before_it()
    {
        var agent = daemon.Agent(
            "f1",
            [
                "[prompt first]",
                "thread",
                "turn",
                .. Call("call_1"),
                "completed 1 1",
                "[else]",
                "thread",
                "turn",
                "touch ready",
                "wait go",
                .. Call("call_2"),
                "completed 2 2",
            ]
        );
        var thread = (await agent.RunAsync("first")).Thread();
        var turn = await agent.BeginAsync("second");
        await agent.AppearsAsync("ready");

        // There is room for one of them in the queue: once the other is refused it waits there.
        Task<ApiAnswer>[] consumes = [agent.ConsumeAsync("call_1", "call_2"), agent.ConsumeAsync("call_1", "call_2")];
        var refused = await Task.WhenAny(consumes);
        (await refused).Problem(429, "queue_full");
        var waiting = consumes.Single(consume => consume != refused);
        Assert.False(waiting.IsCompleted);
        Assert.DoesNotContain("(consumed)", Rollout(thread), StringComparison.Ordinal);
        agent.Touch("go");

        Assert.Equal(2, (int)(await waiting).Json["touched"]!);
        Assert.Equal("end_turn", (await agent.Api.EventsAsync(turn)).StopReason());
    }

    [Fact]
    public async Task F2_A_consume_that_is_asked_for_twice_is_answered_the_same_and_changes_nothing_the_second_time()
    {
        var agent = daemon.Agent(
            "f2",
            ["thread", "turn", "[prompt first]", .. Call("call_1"), .. Call("call_2"), "completed 1 1", "[else]", "completed 2 2"]
        );
        var thread = (await agent.RunAsync("first")).Thread();
        var before = Rollout(thread);

        var once = await agent.ConsumeAsync("call_1", "unknown");
        var after = Rollout(thread);
        var twice = await agent.ConsumeAsync("call_1", "unknown");

        Assert.Equal((1, 2), ((int)once.Json["touched"]!, (int)once.Json["requested"]!));
        Assert.Equal(once.Body, twice.Body);
        Assert.Equal((before.Length, 1), (after.Length, after.Split("...(consumed)").Length - 1));
        Assert.Equal(after, Rollout(thread));
        var next = await agent.RunAsync("second");
        Assert.Equal(("end_turn", thread), (next.StopReason(), next.Thread()));
    }

    private static string[] Call(string id) =>
        [
            $$$"""rollout {"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"{{{id}}}"}}""",
            """rollout {"type":"response_item","payload":"""
                + $$$"""{"type":"function_call_output","call_id":"{{{id}}}","output":"an output that is long enough"}}""",
        ];

    // codex's own record of a thread.
    private string Rollout(string? thread) =>
        File.ReadAllText(
            Assert.Single(
                Directory.GetFiles(Path.Combine(daemon.Stage.Codex.CodexHome, "sessions"), $"*{thread}.jsonl", SearchOption.AllDirectories)
            )
        );

    public sealed class Daemon : GuaranteeDaemon
    {
        private protected override void Configure() =>
            Stage.Settings = Stage.Settings with { Agents = Stage.Settings.Agents with { QueueLimit = 1 } };
    }
}
