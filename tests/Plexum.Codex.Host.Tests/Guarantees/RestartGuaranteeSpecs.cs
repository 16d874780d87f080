using Plexum.Codex.Exec.Running;
using Plexum.Codex.Host.Daemon;
using Plexum.Codex.Host.Faults;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.TestSupport;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Guarantees;

/// <summary>One daemon is killed once with a turn of each kind at hand; each spec looks at what became of one of them.</summary>
public sealed class RestartGuaranteeSpecs(RestartGuaranteeSpecs.Killed killed) : IClassFixture<RestartGuaranteeSpecs.Killed>
{
    private FaultDaemon Daemon => killed.Daemon;

    [Fact]
    public async Task R1_a_codex_that_runs_when_the_daemon_is_killed_goes_on_and_none_of_its_events_is_lost_or_doubled()
    {
        Daemon.Codex.Touch("go-r1");

        var events = await Daemon.EventsAsync(killed.Running);

        events.AreWhole();
        Assert.Equal(["one", "two"], events.Texts());
        Assert.Equal(killed.SeenOfRunning, events.Take(killed.SeenOfRunning.Count));
        Assert.Equal("end_turn", events.StopReason());
        Assert.Single(Calls("r1"));
    }

    [Fact]
    public async Task R2_turns_that_wait_when_the_daemon_is_killed_run_afterwards_in_their_order_and_before_new_ones()
    {
        var last = await Daemon.SubmitAsync("r2 new", "r2");
        Daemon.Codex.Touch("go-r2");

        Assert.Equal("end_turn", (await Daemon.EventsAsync(last)).StopReason());
        Assert.Equal(["r2 running", "r2 first", "r2 second", "r2 third", "r2 new"], Calls("r2").Select(call => call.Prompt));
        foreach (var turn in killed.Waiting)
        {
            Assert.Equal("end_turn", (await Daemon.EventsAsync(turn)).StopReason());
        }
    }

    [Fact]
    public async Task R3_a_turn_whose_codex_ends_while_no_daemon_runs_is_settled_from_what_codex_has_written()
    {
        var events = await Daemon.EventsAsync(killed.EndedMeanwhile);

        events.AreWhole();
        Assert.Equal(["before", "after"], events.Texts());
        Assert.Equal(("end_turn", 7), (events.StopReason(), (int)events[^1].Json["usage"]!["input_tokens"]!));
        Assert.Single(Calls("r3"));
    }

    [Fact]
    public async Task R4_an_idempotency_key_gives_the_same_turn_after_a_restart()
    {
        Assert.Equal(killed.WithKey, await Daemon.SubmitAsync("r4", "r4", "the-key"));

        Daemon.Codex.Touch("go-r4");
        Assert.Equal("end_turn", (await Daemon.EventsAsync(killed.WithKey)).StopReason());
        Assert.Equal(killed.WithKey, await Daemon.SubmitAsync("r4", "r4", "the-key"));
        Assert.Single(Calls("r4"));
    }

    [Fact]
    public async Task R5_a_stop_that_has_begun_when_the_daemon_is_killed_is_gone_on_with()
    {
        var events = await Daemon.EventsAsync(killed.Stopping);

        events.AreWhole();
        Assert.Equal("cancelled", events.StopReason());
        Assert.Null(killed.RunningOf("r5"));
    }

    private IEnumerable<FakeCodexCall> Calls(string agent) => Daemon.Turns.Where(call => call.Prompt.StartsWith(agent, StringComparison.Ordinal));

    public sealed class Killed : IAsyncLifetime
    {
        internal FaultDaemon Daemon { get; } = new();

        internal string Running { get; private set; } = "";

        internal List<SseEvent> SeenOfRunning { get; } = [];

        internal List<string> Waiting { get; } = [];

        internal string EndedMeanwhile { get; private set; } = "";

        internal string WithKey { get; private set; } = "";

        internal string Stopping { get; private set; } = "";

        public async Task InitializeAsync()
        {
            Daemon.Codex.Script(
            [
                "[prompt r1]", "thread", "turn", "say one", $"wait {Daemon.Codex.File("go-r1")}", "say two", "completed 1 1",
                .. Until("r2"), "completed 1 1",
                .. Until("r3"), "say after", "completed 7 3",
                .. Until("r4"), "completed 1 1",
                "[prompt r5]", "ignore INT", "thread", "turn", $"touch {Daemon.Codex.File("r5")}", "hang",
            ]);
            await Daemon.StartAsync(null, "turns.interrupt-grace=1h");
            Running = await Daemon.SubmitAsync("r1", "r1");
            await Daemon.SubmitAsync("r2 running", "r2");
            foreach (var text in new[] { "first", "second", "third" })
            {
                Waiting.Add(await Daemon.SubmitAsync($"r2 {text}", "r2"));
            }

            EndedMeanwhile = await Daemon.SubmitAsync("r3", "r3");
            WithKey = await Daemon.SubmitAsync("r4", "r4", "the-key");
            Stopping = await Daemon.SubmitAsync("r5", "r5");
            await Task.WhenAll(new[] { "r2", "r3", "r4", "r5" }.Select(Daemon.Codex.AppearsAsync));
            await ReadRunningAsync();
            await StopAsync();

            await Daemon.KillAsync();
            Daemon.Codex.Touch("go-r3");
            await Limits.UntilAsync(() => RunningOf("r3") is null);
            await Daemon.StartAsync(null, "turns.interrupt-grace=1ms");
        }

        public Task DisposeAsync() => Daemon.DisposeAsync().AsTask();

        internal ProcessIdentity? RunningOf(string prompt) =>
            ProcessIdentity.Read(Daemon.Turns.Single(call => call.Prompt == prompt).Pid) is { IsRunning: true } codex ? codex : null;

        private string[] Until(string prompt) =>
        [
            $"[prompt {prompt}]", "thread", "turn", "say before", $"touch {Daemon.Codex.File(prompt)}", $"wait {Daemon.Codex.File($"go-{prompt}")}",
        ];

        private async Task ReadRunningAsync()
        {
            using var response = await Daemon.Http.GetAsync($"/v1/turns/{Running}/events", HttpCompletionOption.ResponseHeadersRead);
            await foreach (var value in SseEvent.FollowAsync(await response.Content.ReadAsStreamAsync()))
            {
                SeenOfRunning.Add(value);
                if (value.Type == "text_delta")
                {
                    return;
                }
            }
        }

        private async Task StopAsync()
        {
            Assert.Equal("stopping", (string)(await Daemon.PostAsync($"/v1/turns/{Stopping}/cancel")).Json["outcome"]!);
            var directory = TurnDirectory.Of(new AgentDirectory(Daemon.Profile, AgentId.Parse("r5")), TurnId.Parse(Stopping));
            await Limits.UntilAsync(() => ExecRecord.Load(directory) is { StopCause: not null });
        }
    }
}
