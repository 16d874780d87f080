namespace Plexum.Codex.Host.Daemon;

/// <summary>codex on PATH is a link of a version manager's, whose program looks at the name by which it was started.</summary>
public sealed class ShimSpecs : DaemonProcessTest
{
    private const string Run = "exec \"$CODEX_OF_SPEC\" \"$@\"";

    // Waits for codex and survives what it is told.
    private const string RunAndWait = "trap : INT TERM; \"$CODEX_OF_SPEC\" \"$@\"; exit $?";

    public ShimSpecs()
        : base("thread", "turn", "say ${prompt}", "completed 1 1")
    {
        Directory.CreateDirectory(Stage.File("shims"));
        File.CreateSymbolicLink(Stage.File("shims/codex"), "../manager");
        Stage["CODEX_OF_SPEC"] = FakeCodexStage.Binary;
        Stage["PLEXUM_CODEX_BINARY"] = null;
        Stage["PATH"] = $"{Stage.File("shims")}:{Environment.GetEnvironmentVariable("PATH")}";
    }

    [Theory]
    [InlineData(Run)]
    [InlineData(RunAndWait)]
    public async Task A_turn_runs_through_a_shim(string start)
    {
        InstallManager(start);
        await Daemon.StartAsync();

        var events = await RunAsync();

        Assert.Equal("end_turn", events.StopReason());
        Assert.Equal(["hello"], events.Texts());
    }

    [Fact]
    public async Task A_shim_without_a_version_fails_the_turn_with_its_own_words_until_it_has_one()
    {
        InstallManager("echo 'No version is set for command codex; try codex 0.160.0' >&2; exit 126");
        await Daemon.StartAsync();

        var error = Assert.Single(await RunAsync(), e => e.Type == "error").Json;

        Assert.Equal("codex_unavailable", (string)error["code"]!);
        Assert.Contains("No version is set for command codex", (string)error["message"]!, StringComparison.Ordinal);
        InstallManager(Run);
        Assert.Equal("end_turn", (await RunAsync()).StopReason());
    }

    [Fact]
    public async Task A_codex_behind_a_shim_that_waits_is_interrupted_at_once()
    {
        Stage.Script("thread", "turn", $"touch {Stage.File("ready")}", "hang");
        InstallManager(RunAndWait);
        await Daemon.StartAsync("turns.interrupt-grace=1h");
        var turn = await Daemon.Api.SubmitAsync("hello");
        await Stage.AppearsAsync("ready");

        await Daemon.Api.CancelAsync(turn);

        await Daemon.Api.EndedAsync(turn);
        await ProcessProbe.GoneAsync(Assert.Single(Stage.Turns).Pid);
    }

    [Theory]
    [InlineData(Run)]
    [InlineData(RunAndWait)]
    public async Task A_turn_behind_a_shim_outlives_the_daemon(string start)
    {
        Stage.Script("thread", "turn", $"touch {Stage.File("ready")}", $"wait {Stage.File("go")}", "say ${prompt}", "completed 1 1");
        InstallManager(start);
        await Daemon.StartAsync();
        var turn = await Daemon.Api.SubmitAsync("hello");
        await Stage.AppearsAsync("ready");

        await Daemon.KillAsync();
        await Daemon.StartAsync();
        Stage.Touch("go");

        var events = await Daemon.Api.EventsAsync(turn);
        Assert.Equal(["hello"], events.Texts());
        Assert.Equal("end_turn", events.StopReason());
        Assert.Single(Stage.Turns);
    }

    private async Task<List<SseEvent>> RunAsync() => await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync("hello"));

    // Replaced and not changed, because a shell reads a script while it runs it.
    private void InstallManager(string start)
    {
        var next = Stage.File("manager.next");
        File.WriteAllText(next, $"#!/bin/sh\n[ \"$(basename \"$0\")\" = codex ] || {{ echo manager 2026.1.2; exit 0; }}\n{start}\n");
        File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(next, Stage.File("manager"), overwrite: true);
    }
}
