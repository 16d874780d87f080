namespace Plexum.Codex.Host.Commands;

public sealed class SayTogetherSpecs
{
    [Fact]
    public async Task A_second_say_for_an_agent_waits_says_so_and_goes_on_in_the_same_thread()
    {
        using var stage = new HostStage();
        stage.Script(
            "[fresh]",
            "thread",
            "turn",
            $"touch {stage.File("started")}",
            $"wait {stage.File("go")}",
            "say ${thread}",
            "completed 1 1",
            "[resume]",
            "thread",
            "turn",
            "say ${thread}",
            "completed 2 2"
        );
        using var first = stage.Start("say", "--agent", "alice", "one");
        await stage.AppearsAsync("started");
        using var second = stage.Start("say", "--agent", "alice", "two");
        await stage.TellsAsync("alice", "agent_busy");
        Assert.Single(stage.Turns);
        stage.Touch("go");

        var ends = await Task.WhenAll(first.EndsAsync(), second.EndsAsync());

        Assert.All(ends, end => Assert.Equal(0, end.ExitCode));
        Assert.NotEqual("", ends[0].Output);
        Assert.Equal(ends[0].Output, ends[1].Output);
    }
}
