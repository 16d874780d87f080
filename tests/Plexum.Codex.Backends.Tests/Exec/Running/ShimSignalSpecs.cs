using Plexum.Codex.Processes;

namespace Plexum.Codex.Exec.Running;

/// <summary>Who gets a signal for codex, where what was started is not codex itself.</summary>
public sealed class ShimSignalSpecs
{
    // Waits for codex, as volta and older versions of node do, and is not ended by the signal.
    private const string Shim =
        "trap : INT TERM; sh -c 'trap \"echo told; exit 3\" INT TERM; echo ready $$; " + "while :; do sleep 0.02; done'; exit $?";

    // Is ended by the signal at once, and does not wait for codex. Not every shell is.
    private const string Careless =
        "exec python3 -c 'import signal, subprocess, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
        + "subprocess.call([\"sh\", \"-c\", sys.argv[1]])' \"$1\"";

    [Theory]
    [InlineData(ProcessSignal.Interrupt)]
    [InlineData(ProcessSignal.Terminate)]
    public async Task Codex_gets_the_signal_behind_a_shim_that_waits_for_it(ProcessSignal signal)
    {
        using var rig = new ProcessRig();
        var process = rig.Start(Shim);
        await rig.LineAsync("ready");

        Assert.True(process.Signal(signal));

        Assert.Equal(new ProcessExit(3, null), await process.Exited.WithinLimit());
        Assert.Contains("told", rig.Stdout, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProcessSignal.Interrupt)]
    [InlineData(ProcessSignal.Terminate)]
    public async Task A_shim_that_ends_at_once_at_a_signal_has_ended_when_the_codex_behind_it_has(ProcessSignal signal)
    {
        using var rig = new ProcessRig();
        var process = rig.Start(
            Careless,
            "trap 'while [ ! -e go ]; do sleep 0.02; done; echo told; exit 3' INT TERM; echo ready $$; while :; do sleep 0.02; done"
        );
        var codex = int.Parse(await rig.LineAsync("ready"), System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(process.Signal(signal));
        await ProcessProbe.GoneAsync(process.Identity.Pid);

        Assert.True(ProcessProbe.IsRunning(codex));
        Assert.False(process.Exited.IsCompleted);
        File.WriteAllText(Path.Combine(rig.Workspace, "go"), "");
        Assert.Equal(new ProcessExit(null, (int)signal), await process.Exited.WithinLimit());
        Assert.Contains("told", rig.Stdout, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_shim_has_left_behind_at_a_signal_gets_the_next_one()
    {
        using var rig = new ProcessRig();
        var process = rig.Start(Careless, "trap '' INT; echo ready $$; while :; do sleep 0.02; done");
        var codex = int.Parse(await rig.LineAsync("ready"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(process.Signal(ProcessSignal.Interrupt));
        await ProcessProbe.GoneAsync(process.Identity.Pid);

        Assert.True(process.Signal(ProcessSignal.Kill));

        await process.Exited.WithinLimit();
        await ProcessProbe.GoneAsync(codex);
    }

    [Fact]
    public async Task A_kill_leaves_nothing_behind_a_shim()
    {
        using var rig = new ProcessRig();
        var process = rig.Start(Shim);
        var codex = int.Parse(await rig.LineAsync("ready"), System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(process.Signal(ProcessSignal.Kill));

        Assert.Equal(new ProcessExit(null, 9), await process.Exited.WithinLimit());
        await ProcessProbe.GoneAsync(codex);
    }

    [Fact]
    public async Task What_an_earlier_daemon_left_is_signalled_in_the_same_way()
    {
        using var rig = new ProcessRig();
        var process = rig.Start(Shim);
        await rig.LineAsync("ready");

        Assert.True(CodexProcess.Attach(process.Identity).Signal(ProcessSignal.Interrupt));

        Assert.Equal(new ProcessExit(3, null), await process.Exited.WithinLimit());
    }

    [Fact]
    public async Task Codex_itself_gets_the_signal_alone_and_ends_its_programs_as_it_likes()
    {
        using var rig = new ProcessRig();
        var codex = Path.Combine(rig.Workspace, "codex");
        File.Copy("/bin/sh", codex);
        var script = "trap 'exit 4' TERM; sh -c 'trap \"echo told; exit\" TERM; echo ready $$; while :; do sleep 0.02; done' & wait";
        var process = rig.Start(new CodexBinary(codex, new Version(1, 0), codex), "-c", script);
        var server = int.Parse(await rig.LineAsync("ready"), System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(process.Signal(ProcessSignal.Terminate));

        Assert.Equal(new ProcessExit(4, null), await process.Exited.WithinLimit());
        Assert.True(ProcessProbe.IsRunning(server));
    }
}
