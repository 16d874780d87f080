namespace Plexum.Codex.Host.Guarantees;

/// <summary>The daemon of these specs never takes a second step by itself, so what codex ends by is the first one.</summary>
public sealed class CancelGuaranteeSpecs(CancelGuaranteeSpecs.Daemon daemon) : IClassFixture<CancelGuaranteeSpecs.Daemon>
{
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);
    private static readonly TimeSpan AtOnce = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task C2_A_turn_that_waits_never_runs_once_it_is_cancelled_and_the_others_keep_their_order()
    {
        var agent = daemon.Agent("c2", "touch ready", "wait go", "thread", "turn", "completed 1 1");
        var running = await agent.BeginAsync("running");
        await agent.AppearsAsync("ready");
        var (before, cancelled, behind) = (
            await agent.BeginAsync("before"),
            await agent.BeginAsync("cancelled"),
            await agent.BeginAsync("behind")
        );

        Assert.Equal("dequeued", await agent.Api.CancelAsync(cancelled));

        var events = await agent.Api.EventsAsync(cancelled);
        Assert.Equal(["message_start", "message_end"], events.Types());
        Assert.Equal("cancelled", events.StopReason());
        Assert.Equal([before, behind], (await agent.DocumentAsync())["queued_turns"]!.AsArray().Select(turn => (string)turn!));
        Assert.Equal(running, (string)(await agent.DocumentAsync())["running_turn"]!);
        agent.Touch("go");
        await agent.EndedAsync(behind);
        Assert.Equal(["running", "before", "behind"], agent.Prompts);
    }

    [Fact]
    public async Task C3_A_codex_that_runs_gets_SIGINT_then_SIGTERM_then_SIGKILL()
    {
        await using var impatient = await StartAsync(AtOnce, Never);
        await using var ruthless = await StartAsync(AtOnce, AtOnce);

        Assert.Equal(
            "INT",
            await HeardAsync(
                new AgentOfTest(
                    daemon.Stage,
                    "c3",
                    "on INT write heard INT",
                    "on TERM write heard TERM",
                    "thread",
                    "turn",
                    "touch ready",
                    "hang"
                )
            )
        );
        Assert.Equal(
            "TERM",
            await HeardAsync(
                new AgentOfTest(impatient, "c3", "ignore INT", "on TERM write heard TERM", "thread", "turn", "touch ready", "hang")
            )
        );
        Assert.Equal(
            "",
            await HeardAsync(new AgentOfTest(ruthless, "c3", "ignore INT", "ignore TERM", "thread", "turn", "touch ready", "hang"))
        );
    }

    [Fact]
    public async Task C4_A_second_cancel_changes_nothing_and_a_forced_one_kills_codex_at_once()
    {
        var agent = daemon.Agent("c4", "ignore INT", "on TERM write heard TERM", "thread", "turn", "touch ready", "hang");
        var turn = await agent.BeginAsync("x");
        await agent.AppearsAsync("ready");

        Assert.Equal("stopping", await agent.Api.CancelAsync(turn));
        Assert.Equal("stopping", await agent.Api.CancelAsync(turn));

        // A whole turn of another agent's, in which a signal that should not have been sent would have its effect.
        await daemon.Agent("c4-other", "thread", "turn", "completed 1 1").RunAsync("x");
        Assert.False(File.Exists(agent.File("heard")));
        Assert.Equal("running", (string)(await agent.Api.TurnAsync(turn))["state"]!);
        Assert.Equal("killed", await agent.Api.CancelAsync(turn, force: true));

        var events = await agent.Api.EventsAsync(turn);
        events.AreWhole();
        Assert.Equal("cancelled", events.StopReason());
        Assert.False(ProcessProbe.IsRunning(agent.Calls[0].Pid));
        Assert.False(File.Exists(agent.File("heard")));
    }

    [Fact]
    public async Task C5_A_turn_that_takes_longer_than_its_time_is_stopped_in_the_same_way_and_ends_as_timeout()
    {
        var agent = daemon.Agent("c5", "on INT say last words", "thread", "turn", "touch ready", "hang");

        var events = await agent.Api.EventsAsync(await agent.BeginAsync("x", body => body["timeout_ms"] = 1000));

        events.AreWhole();
        Assert.Equal("timeout", events.StopReason());
        Assert.Equal(("deadline_exceeded", "timeout"), ((string)events[^2].Json["code"]!, (string)events[^2].Json["class"]!));
        Assert.All(agent.Calls, call => Assert.False(ProcessProbe.IsRunning(call.Pid)));

        // On a machine that is busy the time may be over before codex has come that far.
        Assert.Equal(File.Exists(agent.File("ready")) ? ["last words"] : [], events.Texts());
    }

    [Fact]
    public async Task C6_What_codex_has_started_is_killed_with_a_turn_that_is_stopped()
    {
        var agent = daemon.Agent("c6", "thread", "turn", "child child", "touch ready", "hang");
        var turn = await agent.BeginAsync("x");
        await agent.AppearsAsync("ready");
        var child = ProcessProbe.PidIn(agent.File("child"));
        Assert.True(ProcessProbe.IsRunning(child));

        await agent.Api.CancelAsync(turn);

        var notice = Assert.Single(await agent.Api.EventsAsync(turn), e => e.Type == "notice");
        Assert.Contains($"{child} ", (string)notice.Json["message"]!, StringComparison.Ordinal);
        await ProcessProbe.GoneAsync(child);
    }

    [Fact]
    public async Task C7_A_turn_that_codex_has_finished_counts_as_done_though_it_is_cancelled()
    {
        var agent = daemon.Agent("c7", "thread", "turn", "say done", "completed 5 1", "touch ready", "hang");
        var turn = await agent.BeginAsync("x");
        await agent.AppearsAsync("ready");

        await agent.Api.CancelAsync(turn);

        var events = await agent.Api.EventsAsync(turn);
        Assert.Equal("end_turn", events.StopReason());
        Assert.Equal(["done"], events.Texts());
        Assert.Equal(5, (int)events[^1].Json["usage"]!["input_tokens"]!);
    }

    // The signal that codex has heard; nothing when it was killed.
    private static async Task<string> HeardAsync(AgentOfTest agent)
    {
        var turn = await agent.BeginAsync("x");
        await agent.AppearsAsync("ready");
        Assert.Equal("stopping", await agent.Api.CancelAsync(turn));
        Assert.Equal("cancelled", (await agent.Api.EventsAsync(turn)).StopReason());
        Assert.False(ProcessProbe.IsRunning(agent.Calls[0].Pid));
        return File.Exists(agent.File("heard")) ? Assert.Single(File.ReadAllLines(agent.File("heard"))) : "";
    }

    private static async Task<DaemonStage> StartAsync(TimeSpan interruptGrace, TimeSpan terminateGrace)
    {
        var stage = new DaemonStage();
        Set(stage, interruptGrace, terminateGrace);
        await stage.StartHostAsync();
        return stage;
    }

    private static void Set(DaemonStage stage, TimeSpan interruptGrace, TimeSpan terminateGrace) =>
        stage.Settings = stage.Settings with
        {
            Exec = stage.Settings.Exec with { InterruptGrace = interruptGrace, TerminateGrace = terminateGrace, ExitGrace = Never },
        };

    public sealed class Daemon : GuaranteeDaemon
    {
        private protected override void Configure() => Set(Stage, Never, Never);
    }
}
