namespace Plexum.Codex.Host.Guarantees;

public sealed class EventGuaranteeSpecs(EventGuaranteeSpecs.Daemon daemon) : IClassFixture<EventGuaranteeSpecs.Daemon>
{
    [Fact]
    public async Task E1_A_turn_s_events_are_numbered_from_1_without_a_gap_and_end_with_one_message_end_whatever_happens()
    {
        var agent = daemon.Agent(
            "e1",
            "thread",
            "turn",
            "say ${prompt}",
            "[prompt good]",
            "completed 1 1",
            "[prompt bad]",
            "error A first one.",
            "failed No luck.",
            "[prompt dies]",
            "die KILL",
            "[prompt exits]",
            "exit 7",
            "[prompt noise]",
            "noise 5000 7",
            "emit {\"type\":\"of.tomorrow\"}",
            "emit {\"type\":\"item.completed\",\"item\":{\"id\":\"i\",\"type\":\"of_tomorrow\"}}",
            "completed 1 1",
            "[prompt stopped]",
            "touch ready",
            "hang"
        );
        var turns = new Dictionary<string, string>();
        foreach (var text in new[] { "good", "bad", "dies", "exits", "noise", "stopped", "waiting" })
        {
            turns[text] = await agent.BeginAsync(text);
        }

        await agent.AppearsAsync("ready");
        await agent.Api.CancelAsync(turns["waiting"]);
        await agent.Api.CancelAsync(turns["stopped"]);

        foreach (var (text, turn) in turns)
        {
            var events = await agent.Api.EventsAsync(turn);
            events.AreWhole();
            Assert.Equal("message_start", events[0].Type);
            var errors = events.Types().Where(type => type == "error");
            Assert.Equal((text, text is "bad" or "dies" or "exits" ? 1 : 0), (text, errors.Count()));
        }
    }

    [Fact]
    public async Task E5_A_turn_does_not_end_well_without_its_answer()
    {
        const string Torn =
            """raw {"type":"item.completed","item":{"id":"item_9","type":"agent_message","te\nWARN retrying\nxt":"It is done."}}\n""";
        const string Recorded =
            """rollout {"type":"event_msg","payload":{"type":"item_completed","item":{"type":"AgentMessage","id":"m","content":"""
            + """[{"type":"Text","text":"It is done."}]}}}""";
        const string Complete = """rollout {"type":"event_msg","payload":{"type":"task_complete"}}""";
        var agent = daemon.Agent(
            "answers",
            ["thread", "turn", Torn, "[prompt kept]", Recorded, Complete, "completed 1 1", "[else]", "completed 2 2"]
        );

        var kept = await agent.RunAsync("kept");
        var lost = await agent.RunAsync("lost");

        Assert.Equal(["It is done."], kept.Texts());
        Assert.Equal("end_turn", kept.StopReason());
        Assert.Equal("answer_missing", (string)lost.Single(e => e.Type == "error").Json["code"]!);
        Assert.Equal("error", lost.StopReason());
    }

    public sealed class Daemon : GuaranteeDaemon;
}
