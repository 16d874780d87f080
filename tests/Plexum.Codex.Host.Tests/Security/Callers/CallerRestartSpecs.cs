namespace Plexum.Codex.Host.Security.Callers;

/// <summary>A command of a turn uses the socket of the daemon that came after the one which ran the turn.</summary>
public sealed class CallerRestartSpecs() : DaemonProcessTest("thread", "turn", "obey", "completed 1 1")
{
    [Fact]
    public async Task S6_A_command_that_outlived_its_daemon_is_refused_by_the_next_one()
    {
        await Daemon.StartAsync();
        var attack =
            $"touch {Stage.File("ready")}; until [ -e {Stage.File("go")} ]; do sleep 0.02; done; "
            + $"env -i curl -s --unix-socket {Daemon.Api.SocketPath} http://localhost/v1/status";
        var turn = await Daemon.Api.SubmitAsync(attack);
        await Stage.AppearsAsync("ready");

        await Daemon.RestartAsync();
        Stage.Touch("go");

        var said = string.Concat((await Daemon.Api.EventsAsync(turn)).Texts());
        Assert.Contains("\"caller_refused\"", said, StringComparison.Ordinal);
    }
}
