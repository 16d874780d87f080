using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Commands;

public sealed class CancelSpecs : IDisposable
{
    private readonly HostStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task An_interrupt_cancels_the_turn_and_the_next_one_resumes_the_thread()
    {
        _stage.Script(
            "[fresh]",
            "thread",
            "turn",
            "say before",
            $"touch {_stage.File("started")}",
            "hang",
            "[resume]",
            "thread",
            "turn",
            "say after",
            "completed 1 1"
        );
        using var process = _stage.Start("say", "--agent", "alice", "--json", "hello");
        await _stage.AppearsAsync("started");
        process.Signal(ProcessSignal.Interrupt);

        var cancelled = await process.EndsAsync();
        var next = await _stage.RunAsync("say", "--agent", "alice", "again");

        Assert.Equal(130, cancelled.ExitCode);
        Assert.Contains("\"stop_reason\":\"cancelled\"", cancelled.Lines[^1], StringComparison.Ordinal);
        Assert.Equal((0, "after\n"), (next.ExitCode, next.Output));
    }

    [Fact]
    public async Task A_second_interrupt_kills_a_codex_that_does_not_stop()
    {
        _stage.Script(
            "ignore INT",
            $"on INT touch {_stage.File("interrupted")}",
            "ignore TERM",
            "thread",
            "turn",
            $"touch {_stage.File("started")}",
            "hang"
        );
        using var process = _stage.Start("say", "--agent", "alice", "--set", "turns.interrupt-grace=1h", "--json", "hello");
        await _stage.AppearsAsync("started");
        process.Signal(ProcessSignal.Interrupt);
        await _stage.AppearsAsync("interrupted");
        process.Signal(ProcessSignal.Interrupt);

        var killed = await process.EndsAsync();
        Assert.Equal(130, killed.ExitCode);
        Assert.Contains("\"stop_reason\":\"cancelled\"", killed.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_turn_that_waits_for_another_process_can_be_cancelled()
    {
        _stage.Script("thread", "turn", $"touch {_stage.File("started")}", $"wait {_stage.File("go")}", "completed 1 1");
        using var first = _stage.Start("say", "--agent", "alice", "one");
        await _stage.AppearsAsync("started");
        using var second = _stage.Start("say", "--agent", "alice", "two");
        await _stage.TellsAsync("alice", "agent_busy");
        second.Signal(ProcessSignal.Interrupt);

        Assert.Equal(130, (await second.EndsAsync()).ExitCode);
        _stage.Touch("go");
        Assert.Equal(0, (await first.EndsAsync()).ExitCode);
        Assert.Single(_stage.Turns);
    }
}
