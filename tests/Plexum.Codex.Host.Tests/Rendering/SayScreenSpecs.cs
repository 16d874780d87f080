namespace Plexum.Codex.Host.Rendering;

/// <summary>What a person sees of <c>say</c> in a real terminal.</summary>
public sealed class SayScreenSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [TmuxFact]
    public async Task A_terminal_shows_the_command_that_runs_and_then_everything_once()
    {
        _stage.Script(
            "thread",
            "turn",
            "command cargo build",
            "begin cargo test",
            $"wait {_stage.File("go")}",
            "say all found",
            "completed 12 3"
        );
        using var terminal = _stage.StartInTerminal(80, 24, "say", "--agent", "alice", "hello");

        var during = await terminal.ShowsAsync(screen => screen[^1].Contains("$ cargo test (", StringComparison.Ordinal));
        Assert.Contains("· $ cargo build → 0", during);
        _stage.Touch("go");
        var end = await terminal.EndsAsync(0);

        Assert.Single(end, "all found");
        Assert.Single(end, line => line.Contains("cargo build", StringComparison.Ordinal));
        Assert.DoesNotContain(end, line => line.Contains("bash", StringComparison.Ordinal));
        Assert.DoesNotContain(end, line => line.Contains("cargo test", StringComparison.Ordinal));
    }

    [TmuxFact]
    public async Task A_terminal_shows_a_message_while_it_is_written_and_the_line_below_afterwards()
    {
        _stage.Script(
            "thread",
            "turn",
            $"part {_stage.File("go")} I look at the files.",
            "begin cargo test",
            $"wait {_stage.File("end")}",
            "completed 12 3"
        );
        using var terminal = _stage.StartInTerminal(80, 24, "say", "--agent", "alice", "--backend", "app-server", "hello");

        await terminal.ShowsAsync(screen => screen[^1] == "I look at");
        _stage.Touch("go");
        var during = await terminal.ShowsAsync(screen => screen[^1].Contains("$ cargo test (", StringComparison.Ordinal));
        Assert.Contains("I look at the files.", during);
        _stage.Touch("end");
        var end = await terminal.EndsAsync(0);

        Assert.Single(end, "I look at the files.");
    }

    [TmuxFact]
    public async Task A_terminal_shows_a_failure_once()
    {
        _stage.Script("thread", "turn", "failed the model has gone home");
        using var terminal = _stage.StartInTerminal(80, 24, "say", "--agent", "alice", "hello");

        var end = await terminal.EndsAsync(1);

        Assert.Single(end, line => line.Contains("the model has gone home", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_piped_has_no_line_of_what_is_going_on()
    {
        _stage.Script("thread", "turn", "command cargo build", "say all found", "completed 12 3");

        var end = await _stage.RunAsync("say", "--agent", "alice", "hello");

        Assert.Equal((0, "all found\n"), (end.ExitCode, end.Output));
        Assert.Contains("· $ /bin/bash -lc 'cargo build' → 0\n", end.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', end.Errors);
    }
}
