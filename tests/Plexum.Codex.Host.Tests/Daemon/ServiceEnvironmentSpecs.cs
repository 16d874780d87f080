namespace Plexum.Codex.Host.Daemon;

/// <summary>What systemd gives the main process of a unit, the daemon, is the daemon's alone.</summary>
public sealed class ServiceEnvironmentSpecs : DaemonProcessTest
{
    private static readonly string[] Names =
    [
        "NOTIFY_SOCKET",
        "WATCHDOG_USEC",
        "WATCHDOG_PID",
        "LISTEN_FDS",
        "LISTEN_FDNAMES",
        "LISTEN_PID",
        "INVOCATION_ID",
        "JOURNAL_STREAM",
        "SYSTEMD_EXEC_PID",
        "MANAGERPID",
        "RUNTIME_DIRECTORY",
        "STATE_DIRECTORY",
        "CREDENTIALS_DIRECTORY",
        "MEMORY_PRESSURE_WATCH",
    ];

    // Files that systemd would pass with LISTEN_FDS, of numbers that a shell can name and does not use itself.
    private const string Opened = "exec 8< /dev/null 9< /dev/null; exec \"$0\" \"$@\"";
    private const string Look = "env; for f in 8 9; do [ ! -e /proc/self/fd/$f ] || echo descriptor $f is open; done";

    public ServiceEnvironmentSpecs()
        : base("thread", "turn", "obey", "completed 1 1")
    {
        foreach (var name in Names)
        {
            Stage[name] = $"systemd-s-{name}";
        }

        Stage["XDG_RUNTIME_DIR"] = Stage.Folder;
        Stage["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere/bus";

        // Writes down what every codex gets, also one that is only asked for its version.
        var codex = Stage.File("codex");
        File.WriteAllText(codex, $"#!/bin/sh\n{{ {Look}; }} >> '{Seen}'\nexec '{FakeCodexStage.Binary}' \"$@\"\n");
        File.SetUnixFileMode(codex, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Stage["PLEXUM_CODEX_BINARY"] = codex;
    }

    private string Seen => Stage.File("seen");

    [Fact]
    public async Task Neither_codex_nor_a_command_gets_a_variable_or_a_file_of_systemd_s_from_the_daemon()
    {
        Daemon.Arguments.InsertRange(0, ["-c", Opened, Daemon.Program]);
        Daemon.Program = "/bin/sh";
        await Daemon.StartAsync();

        var events = await Daemon.Api.EventsAsync(await Daemon.Api.SubmitAsync(Look));

        AssertClean(string.Concat(events.Texts()));
        AssertClean(File.ReadAllText(Seen));
        Assert.Contains("PLEXUM_CODEX_TURN=", File.ReadAllText(Seen), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nor_from_say_which_a_person_runs_in_a_unit()
    {
        using var say = Stage.StartInShell(Opened, "say", "--agent", "alice", Look);
        var end = await say.EndsAsync();

        Assert.True(end.ExitCode == 0, end.Errors);
        AssertClean(end.Output);
        AssertClean(File.ReadAllText(Seen));
    }

    private static void AssertClean(string text)
    {
        Assert.DoesNotContain("systemd-s-", text, StringComparison.Ordinal);
        Assert.DoesNotContain("is open", text.Replace(Look, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("XDG_RUNTIME_DIR=", text, StringComparison.Ordinal);
        Assert.Contains("DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere/bus", text, StringComparison.Ordinal);
    }
}
