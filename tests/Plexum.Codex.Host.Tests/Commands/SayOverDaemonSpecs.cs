using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Commands;

public sealed class SayOverDaemonSpecs(SharedDaemon daemon) : IClassFixture<SharedDaemon>
{
    [Fact]
    public async Task The_output_is_the_same_as_without_a_daemon()
    {
        using var stage = new HostStage();
        stage.Script("thread", "turn", "think hm", "command ls", "say one", "say two", "completed 100 10");
        var here = await stage.RunAsync("say", "--agent", "alice", "hello");
        await using var own = await stage.StartDaemonAsync();

        var there = await stage.RunAsync("say", "--agent", "bob", "hello");
        var json = await stage.RunAsync("say", "--agent", "carol", "--json", "hello");

        Assert.Equal((0, "one\ntwo\n"), (here.ExitCode, here.Output));
        Assert.Equal((here.ExitCode, here.Output), (there.ExitCode, there.Output));
        string[] aside = ["hm", "· $ /bin/bash -lc 'ls' → 0"];
        Assert.Equal(aside, here.Errors.Split('\n')[^4..^2]);
        Assert.Equal(aside, there.Errors.Split('\n')[..^2]);
        Assert.Equal(stage.LogOf("carol"), json.Lines);
        var turns = (await stage.RunAsync("turns")).Output;
        Assert.All(new[] { "alice", "bob", "carol" }, agent => Assert.Contains(agent, turns, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_turn_gives_1_and_says_why()
    {
        var stage = daemon.Stage;
        stage.Script("thread", "turn", "failed out of sorts", "exit 1");

        var end = await stage.RunAsync("say", "--agent", "failing", "hello");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("turn_failed: out of sorts\n", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_that_is_killed_and_started_again_is_not_noticed()
    {
        using var stage = new HostStage();
        stage.Script(
            "thread",
            "turn",
            "say one",
            $"touch {stage.File("started")}",
            $"wait {stage.File("go")}",
            "say two",
            "completed 100 10"
        );
        await using var own = await stage.StartDaemonAsync();
        using var say = stage.Start("say", "--agent", "alice", "hello");
        await stage.AppearsAsync("started");
        await say.PrintsAsync("one");

        await own.KillAsync();
        stage.Touch("go");
        await own.StartAsync();
        var end = await say.EndsAsync();

        Assert.Equal((0, "two\n"), (end.ExitCode, end.Output));
        Assert.Single(stage.Turns);
        Assert.DoesNotContain("daemon", end.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupt_cancels_the_turn()
    {
        var stage = daemon.Stage;
        stage.Script("thread", "turn", $"touch {stage.File("interrupted-started")}", "hang");
        using var say = stage.Start("say", "--agent", "interrupted", "--json", "hello");
        await stage.AppearsAsync("interrupted-started");

        say.Signal(ProcessSignal.Interrupt);

        var end = await say.EndsAsync();
        Assert.Equal(130, end.ExitCode);
        Assert.Contains("\"stop_reason\":\"cancelled\"", end.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_interrupt_kills_codex()
    {
        using var stage = new HostStage();
        stage.Script(
            "ignore INT",
            $"on INT touch {stage.File("interrupted")}",
            "ignore TERM",
            "thread",
            "turn",
            $"touch {stage.File("started")}",
            "hang"
        );
        await using var own = await stage.StartDaemonAsync("turns.interrupt-grace=1h");
        using var say = stage.Start("say", "--agent", "alice", "hello");
        await stage.AppearsAsync("started");

        say.Signal(ProcessSignal.Interrupt);
        await stage.AppearsAsync("interrupted");
        say.Signal(ProcessSignal.Interrupt);

        Assert.Equal(130, (await say.EndsAsync()).ExitCode);
    }

    [Theory]
    [InlineData(ProcessSignal.Kill)]
    [InlineData(ProcessSignal.Terminate)]
    public async Task A_say_that_is_ended_leaves_the_turn_to_the_daemon(ProcessSignal signal)
    {
        var (stage, agent) = (daemon.Stage, $"left-{signal}");
        stage.Script(
            "thread",
            "turn",
            $"touch {stage.File($"{agent}-started")}",
            $"wait {stage.File($"{agent}-go")}",
            "say done after all",
            "completed 1 1"
        );
        using var say = stage.Start("say", "--agent", agent, "--json", "hello");
        await stage.AppearsAsync($"{agent}-started");

        say.Signal(signal);
        Assert.NotEqual(0, (await say.EndsAsync()).ExitCode);
        stage.Touch($"{agent}-go");

        var turn = Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(stage.Profile, "agents", agent, "turns"))));
        var rest = await stage.RunAsync("events", turn, "--follow");
        Assert.Equal((0, "done after all\n"), (rest.ExitCode, rest.Output));
    }

    [Fact]
    public async Task A_queue_that_is_full_refuses()
    {
        using var stage = new HostStage();
        stage.Script("thread", "turn", $"touch {stage.File("started")}", $"wait {stage.File("go")}", "completed 1 1");
        await using var own = await stage.StartDaemonAsync("turns.queue-limit=1");
        await stage.RunAsync("submit", "--agent", "alice", "one");
        await stage.AppearsAsync("started");
        await stage.RunAsync("submit", "--agent", "alice", "two");

        var end = await stage.RunAsync("say", "--agent", "alice", "three");

        Assert.Equal(2, end.ExitCode);
        Assert.Contains("alice", end.Errors, StringComparison.Ordinal);
        stage.Touch("go");
    }
}
