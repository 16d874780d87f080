namespace Plexum.Codex.Host.Faults;

/// <summary>The daemon is stopped as Ctrl-Z, a debugger or a suspended machine stops it, and continued.</summary>
public sealed class FrozenSpecs() : DaemonProcessTest(Steps)
{
    private static readonly string[] Steps =
    [
        "touch ready-${prompt}",
        "thread",
        "turn",
        "say before",
        "wait go-${prompt}",
        "say after",
        "completed 1 1",
    ];

    [Fact]
    public async Task A_turn_that_ends_while_the_daemon_stands_still_is_told_whole_when_it_goes_on()
    {
        await Daemon.StartAsync();
        var turn = await Daemon.Api.SubmitAsync("a");
        var queued = await Daemon.Api.SubmitAsync("b");
        await AppearsAsync("ready-a");
        var reading = Daemon.Api.EventsAsync(turn);
        var codex = Assert.Single(Stage.Turns).Pid;

        ProcessProbe.Freeze(Daemon.Id);
        Release("a");
        await ProcessProbe.GoneAsync(codex);
        Assert.Single(Stage.Turns);
        Assert.False(reading.IsCompleted);
        ProcessProbe.Thaw(Daemon.Id);

        ToldWhole(await reading);
        Assert.Equal("end_turn", (string)(await Daemon.Api.EndedAsync(turn))["stop_reason"]!);
        Release("b");
        ToldWhole(await Daemon.Api.EventsAsync(queued));
        Assert.Equal(["a", "b"], Stage.Turns.Select(call => call.Prompt));
    }

    [Fact]
    public async Task A_turn_goes_on_when_the_daemon_and_codex_both_stood_still()
    {
        await Daemon.StartAsync();
        var turn = await Daemon.Api.SubmitAsync("a");
        await AppearsAsync("ready-a");
        var codex = Assert.Single(Stage.Turns).Pid;

        ProcessProbe.Freeze(codex);
        ProcessProbe.Freeze(Daemon.Id);
        Release("a");
        ProcessProbe.Thaw(Daemon.Id);
        await Daemon.ReadyAsync();
        ProcessProbe.Thaw(codex);

        ToldWhole(await Daemon.Api.EventsAsync(turn));
        Assert.Single(Stage.Turns);
    }

    // A relative path of a script is in the agent's workspace.
    private string InWorkspace(string name) => Path.Combine(Stage.Profile, "agents", "alice", "workspace", name);

    private Task AppearsAsync(string name) => Limits.UntilAsync(() => File.Exists(InWorkspace(name)), () => InWorkspace(name));

    private void Release(string prompt) => File.Create(InWorkspace($"go-{prompt}")).Dispose();

    private static void ToldWhole(List<SseEvent> events)
    {
        events.AreWhole();
        Assert.Equal(["before", "after"], events.Texts());
        Assert.Equal("end_turn", events.StopReason());
        Assert.DoesNotContain("error", events.Types());
    }
}
