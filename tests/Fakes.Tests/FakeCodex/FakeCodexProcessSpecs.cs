using Plexum.Codex.Processes;

namespace Plexum.Codex.Fakes.FakeCodex;

public sealed class FakeCodexProcessSpecs
{
    [Fact]
    public async Task An_open_standard_input_hangs_it_before_the_first_line()
    {
        using var stage = new FakeCodexStage("touch ../started", "thread");
        using var run = FakeCodexRun.Start(stage, prompt: null);
        var line = run.Output.ReadLineAsync();

        Assert.False(File.Exists(stage.File("started")));
        run.CloseInput("now");

        Assert.Contains("thread.started", await line.WithinLimit(), StringComparison.Ordinal);
        Assert.Equal("now", Assert.Single(stage.Calls).Prompt);
    }

    [Theory]
    [InlineData(ProcessSignal.Interrupt, 1)]
    [InlineData(ProcessSignal.Terminate, 143)]
    [InlineData(ProcessSignal.Kill, 137)]
    public async Task A_signal_ends_it_as_it_ends_codex(ProcessSignal signal, int exitCode)
    {
        using var stage = new FakeCodexStage("thread", "touch ../ready", "hang");
        using var run = FakeCodexRun.Start(stage);
        await stage.AppearsAsync("ready");

        run.Signal(signal);

        Assert.Equal(exitCode, (await run.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task What_the_script_wants_on_a_signal_is_done_before_it_ends()
    {
        using var stage = new FakeCodexStage("on INT emit {\"last\":\"words\"}", "on INT touch ../interrupted", "touch ../ready", "hang");
        using var run = FakeCodexRun.Start(stage);
        await stage.AppearsAsync("ready");

        run.Signal(ProcessSignal.Interrupt);

        var result = await run.EndAsync();
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(["{\"last\":\"words\"}"], result.Lines);
        Assert.True(File.Exists(stage.File("interrupted")));
    }

    [Fact]
    public async Task Ignored_signals_have_no_effect()
    {
        using var stage = new FakeCodexStage("ignore INT", "ignore TERM", "touch ../ready", "wait ../go", "say still here", "exit 7");
        using var run = FakeCodexRun.Start(stage);
        await stage.AppearsAsync("ready");

        run.Signal(ProcessSignal.Interrupt);
        run.Signal(ProcessSignal.Terminate);
        stage.Touch("go");

        var result = await run.EndAsync();
        Assert.Equal(7, result.ExitCode);
        Assert.Single(result.Lines);
    }

    [Fact]
    public async Task An_ignored_signal_has_still_done_what_the_script_wants()
    {
        using var stage = new FakeCodexStage("ignore INT", "on INT touch ../interrupted", "touch ../ready", "wait ../go", "exit 7");
        using var run = FakeCodexRun.Start(stage);
        await stage.AppearsAsync("ready");

        run.Signal(ProcessSignal.Interrupt);
        await stage.AppearsAsync("interrupted");
        stage.Touch("go");

        Assert.Equal(7, (await run.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("KILL", 137)]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task It_is_able_to_kill_itself(string signal, int exitCode)
    {
        using var stage = new FakeCodexStage("thread", $"die {signal}", "say never");

        var result = await FakeCodexRun.RunAsync(stage);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Single(result.Lines);
    }

    [Fact]
    public async Task Closing_its_output_does_not_end_it()
    {
        using var stage = new FakeCodexStage("completed 1 2", "close-stdout", "wait ../go", "exit 3");
        using var run = FakeCodexRun.Start(stage);

        var output = await run.Output.ReadToEndAsync().WithinLimit();

        Assert.Contains("turn.completed", output, StringComparison.Ordinal);
        Assert.False(run.HasExited);
        stage.Touch("go");
        await run.ExitAsync();
        Assert.Equal(3, run.ExitCode);
    }

    [Fact]
    public async Task It_exits_with_101_when_nobody_reads_its_output()
    {
        using var stage = new FakeCodexStage("touch ../ready", "wait ../go", "flood 100000 something to fill the pipe with", "exit 0");
        using var run = FakeCodexRun.Start(stage);
        await stage.AppearsAsync("ready");

        run.Output.Close();
        stage.Touch("go");

        await run.ExitAsync();
        Assert.Equal(101, run.ExitCode);
    }

    [Fact]
    public async Task A_background_child_outlives_it_and_goes_with_its_file()
    {
        using var stage = new FakeCodexStage("child ../child", "completed 1 1");

        await FakeCodexRun.RunAsync(stage);

        var child = ProcessProbe.PidIn(stage.File("child"));
        Assert.True(ProcessProbe.IsRunning(child));
        File.Delete(stage.File("child"));
        await ProcessProbe.GoneAsync(child);
    }
}
