using Plexum.Codex.Exec.Running;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Guarantees;

/// <summary>One daemon is killed once with a turn of each kind at hand; each spec looks at what became of one of them.</summary>
public sealed class RestartGuaranteeSpecs(RestartGuaranteeSpecs.Killed killed) : IClassFixture<RestartGuaranteeSpecs.Killed>
{
    private DaemonProcess Daemon => killed.Daemon;

    private HostStage Stage => killed.Stage;

    [Fact]
    public async Task R1_A_codex_that_runs_when_the_daemon_is_killed_goes_on_and_none_of_its_events_is_lost_or_doubled()
    {
        Stage.Touch("go-r1");

        var events = await Daemon.Api.EventsAsync(killed.Running);

        events.AreWhole();
        Assert.Equal(["one", "two"], events.Texts());
        Assert.Equal(killed.SeenOfRunning, events.Take(killed.SeenOfRunning.Count));
        Assert.Equal("end_turn", events.StopReason());
        Assert.Single(Calls("r1"));
    }

    [Fact]
    public async Task R2_Turns_that_wait_when_the_daemon_is_killed_run_afterwards_in_their_order_and_before_new_ones()
    {
        var last = await Daemon.Api.SubmitAsync("r2 new", "r2");
        Stage.Touch("go-r2");

        Assert.Equal("end_turn", (await Daemon.Api.EventsAsync(last)).StopReason());
        Assert.Equal(["r2 running", "r2 first", "r2 second", "r2 third", "r2 new"], Calls("r2").Select(call => call.Prompt));
        foreach (var turn in killed.Waiting)
        {
            Assert.Equal("end_turn", (await Daemon.Api.EventsAsync(turn)).StopReason());
        }
    }

    [Fact]
    public async Task R3_A_turn_whose_codex_ends_while_no_daemon_runs_is_settled_from_what_codex_has_written()
    {
        var events = await Daemon.Api.EventsAsync(killed.EndedMeanwhile);

        events.AreWhole();
        Assert.Equal(["before", "after"], events.Texts());
        Assert.Equal(("end_turn", 7), (events.StopReason(), (int)events[^1].Json["usage"]!["input_tokens"]!));
        Assert.Single(Calls("r3"));
    }

    [Fact]
    public async Task R4_An_idempotency_key_gives_the_same_turn_after_a_restart()
    {
        Assert.Equal(killed.WithKey, await Daemon.Api.SubmitAsync("r4", "r4", "the-key"));

        Stage.Touch("go-r4");
        Assert.Equal("end_turn", (await Daemon.Api.EventsAsync(killed.WithKey)).StopReason());
        Assert.Equal(killed.WithKey, await Daemon.Api.SubmitAsync("r4", "r4", "the-key"));
        Assert.Single(Calls("r4"));
    }

    [Fact]
    public async Task R5_A_stop_that_has_begun_when_the_daemon_is_killed_is_gone_on_with()
    {
        var events = await Daemon.Api.EventsAsync(killed.Stopping);

        events.AreWhole();
        Assert.Equal("cancelled", events.StopReason());
        Assert.False(killed.IsRunning("r5"));
    }

    private IEnumerable<FakeCodexCall> Calls(string agent) =>
        Stage.Turns.Where(call => call.Prompt.StartsWith(agent, StringComparison.Ordinal));

    public sealed class Killed : IAsyncLifetime
    {
        public Killed()
        {
            Directory.CreateDirectory(Stage.Profile);
            Daemon = Stage.NewDaemon();
        }

        internal HostStage Stage { get; } = new();

        internal DaemonProcess Daemon { get; }

        internal string Running { get; private set; } = "";

        internal List<SseEvent> SeenOfRunning { get; } = [];

        internal List<string> Waiting { get; } = [];

        internal string EndedMeanwhile { get; private set; } = "";

        internal string WithKey { get; private set; } = "";

        internal string Stopping { get; private set; } = "";

        public async Task InitializeAsync()
        {
            Stage.Script([
                "[prompt r1]",
                "thread",
                "turn",
                "say one",
                $"wait {Stage.File("go-r1")}",
                "say two",
                "completed 1 1",
                .. Until("r2"),
                "completed 1 1",
                .. Until("r3"),
                "say after",
                "completed 7 3",
                .. Until("r4"),
                "completed 1 1",
                "[prompt r5]",
                "ignore INT",
                "thread",
                "turn",
                $"touch {Stage.File("r5")}",
                "hang",
            ]);
            await Daemon.StartAsync("turns.interrupt-grace=1h");
            Running = await Daemon.Api.SubmitAsync("r1", "r1");
            await Daemon.Api.SubmitAsync("r2 running", "r2");
            foreach (var text in new[] { "first", "second", "third" })
            {
                Waiting.Add(await Daemon.Api.SubmitAsync($"r2 {text}", "r2"));
            }

            EndedMeanwhile = await Daemon.Api.SubmitAsync("r3", "r3");
            WithKey = await Daemon.Api.SubmitAsync("r4", "r4", "the-key");
            Stopping = await Daemon.Api.SubmitAsync("r5", "r5");
            await Task.WhenAll(new[] { "r2", "r3", "r4", "r5" }.Select(Stage.AppearsAsync));
            SeenOfRunning.AddRange(await Daemon.Api.EventsToAsync(Running, "text_delta"));
            await StopAsync();

            await Daemon.KillAsync();
            Stage.Touch("go-r3");
            await Limits.UntilAsync(() => !IsRunning("r3"));
            await Daemon.StartAsync("turns.interrupt-grace=1ms");
        }

        public async Task DisposeAsync()
        {
            await Daemon.DisposeAsync();
            Stage.Dispose();
        }

        internal bool IsRunning(string prompt) => ProcessProbe.IsRunning(Stage.Turns.Single(call => call.Prompt == prompt).Pid);

        private string[] Until(string prompt) =>
            [$"[prompt {prompt}]", "thread", "turn", "say before", $"touch {Stage.File(prompt)}", $"wait {Stage.File($"go-{prompt}")}"];

        private async Task StopAsync()
        {
            Assert.Equal("stopping", await Daemon.Api.CancelAsync(Stopping));
            var directory = TurnDirectory.Of(new AgentDirectory(Daemon.Profile, AgentId.Parse("r5")), TurnId.Parse(Stopping));
            await Limits.UntilAsync(() => ExecRecord.Load(directory) is { StopCause: not null });
        }
    }
}
