using System.Collections.Immutable;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Processes;

public sealed class ProcessEnvironmentSpecs
{
    private static readonly CodexBinary Binary = new("/opt/codex/bin/codex", new Version(0, 169, 0), "codex");

    [Fact]
    public void The_environment_is_ours_with_codexs_directory_first_on_the_path()
    {
        var own = new Dictionary<string, string>
        {
            ["HOME"] = "/home/a",
            ["PATH"] = "/bin",
            ["EMPTY"] = "",
        };

        var environment = new ProcessEnvironment().Build(own, Binary, TurnId.Parse("t1")).AsEnumerable();

        Assert.Equal(["EMPTY=", "HOME=/home/a", "PATH=/opt/codex/bin:/bin", "PLEXUM_CODEX_TURN=t1"], environment);
    }

    [Fact]
    public void Variables_are_removed_by_name_and_by_pattern()
    {
        var own = new Dictionary<string, string>
        {
            ["A"] = "1",
            ["AB"] = "2",
            ["PLEXUM_X"] = "3",
            ["PLEXUM_Y"] = "4",
            ["MY_TOKEN"] = "6",
            ["B"] = "5",
        };

        var environment = new ProcessEnvironment { Removed = VariablePatterns.Of("A", "PLEXUM_*", "*_token") }
            .Build(own, Binary, TurnId.Parse("t1"))
            .AsEnumerable();

        Assert.Equal(["AB=2", "B=5", "PATH=/opt/codex/bin", "PLEXUM_CODEX_TURN=t1"], environment);
    }

    [Fact]
    public void Added_variables_win()
    {
        var own = new Dictionary<string, string> { ["A"] = "1", ["PATH"] = "" };
        var added = ImmutableDictionary<string, string>.Empty.Add("A", "2").Add("PLEXUM_CODEX_TURN", "other");

        Assert.Equal(
            ["A=2", "PATH=/opt/codex/bin", "PLEXUM_CODEX_TURN=t1"],
            new ProcessEnvironment { Added = added }
                .Build(own, Binary, TurnId.Parse("t1"))
                .AsEnumerable()
        );
    }

    [Fact]
    public void What_systemd_tells_the_daemon_of_its_unit_is_left_out_and_what_a_login_has_stays()
    {
        var own = new Dictionary<string, string>
        {
            ["NOTIFY_SOCKET"] = "/run/user/1000/systemd/notify",
            ["LISTEN_FDS"] = "1",
            ["SYSTEMD_EXEC_PID"] = "1",
            ["XDG_RUNTIME_DIR"] = "/run/user/1000",
            ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/run/user/1000/bus",
        };
        var added = ImmutableDictionary<string, string>.Empty.Add("WATCHDOG_USEC", "1").Add("MINE", "1");

        var environment = new ProcessEnvironment { Added = added }
            .Build(own, Binary, TurnId.Parse("t1"))
            .AsEnumerable();

        Assert.Equal(
            [
                "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus",
                "MINE=1",
                "PATH=/opt/codex/bin",
                "PLEXUM_CODEX_TURN=t1",
                "XDG_RUNTIME_DIR=/run/user/1000",
            ],
            environment
        );
    }
}
