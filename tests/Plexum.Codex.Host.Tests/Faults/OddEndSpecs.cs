namespace Plexum.Codex.Host.Faults;

/// <summary>codex ends its turn in an odd way. The turn has one end, and the agent's next one is as any other.</summary>
public sealed class OddEndSpecs(OddEndSpecs.Daemon daemon) : IClassFixture<OddEndSpecs.Daemon>
{
    private const string Completed = """{"type":"turn.completed","usage":{"input_tokens":9,"cached_input_tokens":0,"output_tokens":1}}""";
    private const string Said = """{"type":"item.completed","item":{"type":"agent_message","text":"x"}}""";

    [Theory]
    [InlineData("failed-exit-0", null, "turn_failed", "failed no luck;exit 0")]
    [InlineData("failed-twice", null, "turn_failed", "failed no luck;failed no luck again")]
    [InlineData("failed-completed", null, "turn_failed", "failed no luck;completed 1 1")]
    [InlineData("failed-unended", null, "turn_failed", """raw {"type":"turn.failed","error":{"message":"no luck"}}""")]
    [InlineData("completed-twice", 9, null, "say half;completed 1 1;completed 9 1")]
    [InlineData("completed-unended", 9, null, "say half;raw " + Completed)]
    [InlineData("completed-twice-unended", 9, null, "say half;completed 1 1;raw " + Completed)]
    [InlineData("no-end-unended", null, "turn_incomplete", "raw " + Said)]
    [InlineData("torn", null, "turn_incomplete", """raw {"type":"turn.compl""")]
    public async Task A_turn_has_one_end_whatever_codex_prints_last(string name, int? tokens, string? error, string steps)
    {
        string[] script = ["thread", "turn", "[prompt odd]", .. steps.Split(';'), "[else]", "say fine", "completed 10 2"];
        var agent = daemon.Agent($"end-{name}", script);

        var odd = await agent.RunAsync("odd");
        var next = await agent.RunAsync("and on");

        odd.AreWhole();
        Assert.Equal(error is null ? "end_turn" : "error", odd.StopReason());
        Assert.Equal(error, (string?)odd.SingleOrDefault(e => e.Type == "error")?.Json["code"]);
        if (tokens is { } count)
        {
            Assert.Equal(count, (int)odd[^1].Json["usage"]!["input_tokens"]!);
        }

        Assert.Equal("end_turn", next.StopReason());
        Assert.Equal(["fine"], next.Texts());
        Assert.Equal(odd.Thread(), next.Thread());
    }

    public sealed class Daemon : GuaranteeDaemon;
}
