namespace Plexum.Codex.Host.Security.Platform;

/// <summary>A daemon is started by hand, as any .NET program, so at first every process of its user could read its memory.</summary>
public sealed class DiagnosticsPortSpecs() : DaemonProcessTest("thread", "turn", "completed 1 1")
{
    [Fact]
    public async Task S5_A_daemon_that_began_with_a_diagnostics_port_serves_without_one_as_the_same_process()
    {
        var temporary = Directory.CreateDirectory(Stage.File("tmp")).FullName;
        Stage["TMPDIR"] = temporary;
        Stage["DOTNET_EnableDiagnostics"] = null;
        Stage.Script("thread", "turn", $"touch {Stage.File("runs")}", $"wait {Stage.File("go")}", "completed 1 1");
        await Daemon.StartAsync();
        var turn = await Daemon.Api.SubmitAsync("hello");
        await Stage.AppearsAsync("runs");

        var ports = Directory.GetFiles(temporary);

        Assert.Equal(Daemon.Id, (int)(await Daemon.Api.JsonAsync("/v1/status"))["pid"]!);
        Assert.DoesNotContain(ports, port => port.Contains($"-{Daemon.Id}-", StringComparison.Ordinal));

        // FakeCodex is a .NET program too, and has one.
        var codex = Path.Combine(temporary, $"dotnet-diagnostic-{Assert.Single(Stage.Turns).Pid}-");
        Assert.Contains(ports, port => port.StartsWith(codex, StringComparison.Ordinal));
        Stage.Touch("go");
        await Daemon.Api.EndedAsync(turn);
    }
}
