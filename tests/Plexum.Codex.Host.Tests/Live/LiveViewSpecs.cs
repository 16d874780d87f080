namespace Plexum.Codex.Host.Live;

public sealed class LiveViewSpecs : IDisposable
{
    // A terminal of 100 columns that passes on what is drawn, and gives the program Ctrl-C when a file appears.
    private const string Terminal = """
        import fcntl, os, pty, select, struct, sys, termios
        pid, terminal = pty.fork()
        if pid == 0:
            os.execv(sys.argv[2], sys.argv[2:])
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 30, 100, 0, 0))
        stopped = False
        while True:
            if not stopped and os.path.exists(sys.argv[1]):
                stopped = True
                os.write(terminal, b'\x03')
            if select.select([terminal], [], [], 0.05)[0]:
                try:
                    data = os.read(terminal, 65536)
                except OSError:
                    break
                if not data:
                    break
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """;

    private readonly HostStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_terminal_shows_what_every_agent_does_and_a_stop_ends_it()
    {
        _stage.Script(
            "thread",
            "turn",
            "say looking around",
            $"touch {_stage.File("started")}",
            $"wait {_stage.File("go")}",
            "say all found",
            "completed 1234 1"
        );
        _stage["TERM"] = "xterm";
        using var serve = _stage.StartOther("python3", "-c", Terminal, _stage.File("stop"), ProgramProcess.PlexumCodex, "serve");
        using var api = new DaemonApi(Path.Combine(_stage.Profile, "plexum-codex.sock"));
        await Limits.UntilAsync(() => api.IsReadyAsync());
        await _stage.RunAsync("submit", "--agent", "alice", "hello");

        await serve.PrintsAsync("looking around");
        _stage.Touch("go");
        await serve.PrintsAsync("all found");
        _stage.Touch("stop");
        var end = await serve.EndsAsync();

        Assert.Equal(0, end.ExitCode);
        Assert.Contains("no turn is running", end.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_there_are_plain_lines()
    {
        await using var daemon = await _stage.StartDaemonAsync();
        await _stage.RunAsync("say", "--agent", "alice", "hello");

        var end = await daemon.StopAsync();

        Assert.Equal((0, ""), (end.ExitCode, end.Output));
        Assert.DoesNotContain('\u001b', end.Errors);
    }
}
