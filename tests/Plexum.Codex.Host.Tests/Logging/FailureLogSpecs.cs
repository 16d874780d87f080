using System.Text.RegularExpressions;

namespace Plexum.Codex.Host.Logging;

/// <summary>What the log has at its default level: failures, and nothing that pushes them out.</summary>
public sealed partial class FailureLogSpecs() : DaemonProcessTest("thread", "turn", "failed the \"model\" is gone", "exit 1")
{
    [Fact]
    public async Task A_failed_turn_is_a_warning_with_its_reason_in_the_file_and_on_stderr_and_requests_are_none_of_both()
    {
        await Daemon.StartAsync();
        var turn = await Daemon.Api.SubmitAsync("hello");
        await Daemon.Api.EndedAsync(turn);
        foreach (var path in new[] { "/healthz", "/readyz", "/v1/status", "/v1/turns" })
        {
            (await Daemon.Api.GetAsync(path)).Must(200);
        }

        await Daemon.StopAsync();

        foreach (var text in new[] { Stage.ProgramLog(), Daemon.Errors })
        {
            var line = Assert.Single(text.Split('\n'), line => line.Contains("turn failed", StringComparison.Ordinal));
            Assert.Matches(Failure(), line);
            Assert.Contains($"turn=\"{turn}\"", line, StringComparison.Ordinal);
            Assert.Contains("the 'model' is gone", line, StringComparison.Ordinal);
            Assert.DoesNotContain("/v1/turns", text, StringComparison.Ordinal);
            Assert.DoesNotContain("healthz", text, StringComparison.Ordinal);
            Assert.DoesNotContain("HTTP/1.1", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task At_debug_each_request_is_one_line_and_health_probes_are_none()
    {
        await Daemon.StartAsync("log.level=debug");
        (await Daemon.Api.GetAsync("/v1/turns")).Must(200);
        (await Daemon.Api.GetAsync("/readyz")).Must(200);
        await Daemon.StopAsync();

        var lines = Stage.ProgramLog().Split('\n');
        Assert.Single(lines, line => line.Contains("/v1/turns", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("/readyz", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_command_that_shows_the_failure_itself_does_not_repeat_it_as_a_log_line()
    {
        var end = await Stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal(1, end.ExitCode);
        Assert.Contains("is gone", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("turn failed agent=", end.Errors, StringComparison.Ordinal);
        Assert.Contains(" WRN codex: turn failed agent=\"alice\"", Stage.ProgramLog(), StringComparison.Ordinal);
    }

    [GeneratedRegex(
        " WRN codex: turn failed agent=\"alice\" turn=\"[^\"]+\" code=\"[a-z_]+\" class=\"[a-z_]+\" seconds=\"[0-9.]+\" "
            + "err=\"[^\"]+\"$"
    )]
    private static partial Regex Failure();
}
