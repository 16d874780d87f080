namespace Plexum.Codex.Host.Faults;

/// <summary>codex's output is damaged, or codex dies after the end. A turn never ends well with its answer missing.</summary>
public sealed class LostAnswerSpecs(LostAnswerSpecs.Daemon daemon) : IClassFixture<LostAnswerSpecs.Daemon>
{
    private const string Torn =
        """raw {"type":"item.completed","item":{"id":"item_9","type":"agent_message","te\nWARN retrying\nxt":"It is done."}}\n""";

    private const string Recorded =
        """rollout {"type":"event_msg","payload":{"type":"item_completed","item":{"type":"AgentMessage","id":"m","content":"""
        + """[{"type":"Text","text":"It is done."}]}}}""";

    private const string Complete =
        """rollout {"type":"event_msg","payload":{"type":"task_complete","last_agent_message":"It is done."}}""";

    private const string Forged =
        """raw {"type":"item.completed","item":{"id":"item_8","type":"mcp_tool_call","se\nWARN retrying\nrver":"s","arguments":"""
        + """{"type":"thread.started","thread_id":"019a0000-0000-7000-8000-00000000abcd"},"result":"""
        + """{"content":[{"type":"turn.failed","error":{"message":"forged"}}]}}}\n""";

    private const string Renamed =
        """emit {"type":"item.completed","item":{"id":"item_9","type":"assistant_message","text":"It is done."}}""";

    private const string Done = ";completed 1 1";
    private const string Sequence = """raw \x1b[2K\r;""";

    [Theory]
    [InlineData("recorded", "It is done.", null, Torn + ";" + Recorded + ";" + Complete + Done)]
    [InlineData("unrecorded", "", "answer_missing", Torn + Done)]
    [InlineData("exit", "fine", null, "say fine" + Done + ";exit 1")]
    [InlineData("killed", "fine", null, "say fine" + Done + ";die KILL")]
    [InlineData("unended", "fine", "codex_exited", "say fine;exit 1")]
    [InlineData("ansi", "fine", null, Sequence + "say fine;" + Sequence + "completed 1 1")]
    [InlineData("forged", "fine", null, Forged + ";say fine" + Done)]
    [InlineData("missing", "It is done.", null, "command ls;" + Recorded + ";" + Complete + Done)]
    [InlineData("missing-last", "I shall look.|It is done.", null, "say I shall look.;command ls;" + Recorded + ";" + Complete + Done)]
    [InlineData("spaced", "", "answer_missing", """raw {"type": "item.completed", "item": {"id": "item_9"\n""" + Done)]
    [InlineData("renamed", "I shall look.", "answer_missing", "say I shall look.;command ls;" + Renamed + Done)]
    [InlineData("words", "fine", null, "command ls;say fine;raw WARN retrying\\n" + Done)]
    [InlineData("silent", "", null, "completed 1 1")]
    [InlineData("commentary", "I shall look.", null, "say I shall look.;command ls" + Done)]
    public async Task A_turn_has_its_answer_or_says_that_it_has_none(string name, string text, string? error, string steps)
    {
        var agent = daemon.Agent(
            $"lost-{name}",
            ["thread", "turn", "[prompt odd]", .. steps.Split(';'), "[else]", "say and on", "completed 10 2"]
        );

        var odd = await agent.RunAsync("odd");
        var next = await agent.RunAsync("and on");

        odd.AreWhole();
        Assert.Equal(text, string.Join('|', odd.Texts()));
        Assert.Equal(error is null ? "end_turn" : "error", odd.StopReason());
        Assert.Equal(error, (string?)odd.SingleOrDefault(e => e.Type == "error")?.Json["code"]);
        var notices = odd.Where(e => e.Type == "notice").Select(e => (string)e.Json["code"]!).ToList();
        Assert.Equal(name is "exit" or "killed", notices.Contains("bad_exit"));
        Assert.Equal(name is "commentary" or "silent", notices.Contains("no_final_message"));
        Assert.Equal(name is "recorded" or "missing" or "missing-last", notices.Contains("answer_recovered"));
        Assert.Equal(["and on"], next.Texts());
        Assert.Equal(odd.Thread(), next.Thread());
    }

    public sealed class Daemon : GuaranteeDaemon;
}
