using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.EndToEnd;

public sealed class StopSpecs(LoopbackModelFixture model) : IClassFixture<LoopbackModelFixture>
{
    // Whatever needs more than the first signal would come too late for the test.
    private const string NothingButInterrupt = "turns.interrupt-grace=10m";

    [Theory]
    [EachBackend]
    public async Task A_turn_cancelled_during_a_command_leaves_no_process_and_a_thread_that_continues(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, NothingButInterrupt);
        const string Prompt = "!run touch here; sleep 3600 & sleep 3600\n!say never said";
        var turn = rig.Begin(Prompt);
        await turn.FirstAsync<CanonicalEvent.Activity>(activity => activity.Phase == ActivityPhase.Started);
        await Limits.UntilAsync(() => File.Exists(Path.Combine(rig.Workspace(), "here")));
        turn.Cancel();
        var cancelled = await turn.EndAsync();

        Assert.Equal(StopReason.Cancelled, cancelled.End.StopReason);
        Assert.Equal("", cancelled.Text);
        await rig.GoneAsync();
        var next = (await rig.SayAsync("!recall")).Said(Prompt);
        Assert.NotNull(cancelled.Thread);
        Assert.Equal(cancelled.Thread, next.Thread);
    }

    [Theory]
    [EachBackend]
    public async Task A_process_that_leaves_its_session_does_not_outlive_a_cancelled_turn(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, NothingButInterrupt);
        var turn = rig.Begin("!run setsid nohup sleep 3600 > /dev/null 2>&1 & touch here; sleep 3600");
        await Limits.UntilAsync(() => File.Exists(Path.Combine(rig.Workspace(), "here")));
        turn.Cancel();
        var cancelled = await turn.EndAsync();

        Assert.Equal(StopReason.Cancelled, cancelled.End.StopReason);
        Assert.Contains("killed", cancelled.Notice(NoticeCodes.Survivors), StringComparison.Ordinal);
        await rig.GoneAsync();
    }

    [Theory]
    [EachBackend("")]
    [EachBackend("env -u CODEX_THREAD_ID ")]
    public async Task A_process_that_a_finished_turn_leaves_behind_is_reported_and_left_alone(BackendKind backend, string before)
    {
        await using var rig = new CodexRig(model.Server, backend);
        var turn = rig.Begin($"!run {before}setsid nohup sleep 3600 > /dev/null 2>&1 & echo started\n!say The server runs");
        var finished = (await turn.EndAsync()).Said("The server runs");

        await Limits.UntilAsync(() => rig.Processes.Count == 1);
        var left = Assert.Single(rig.Processes);
        Assert.Contains(FormattableString.Invariant($"{left} ("), finished.Notice(NoticeCodes.Survivors), StringComparison.Ordinal);
        Assert.True(ProcessProbe.Signal(left, ProcessSignal.Kill));
    }

    [Theory]
    [EachBackend]
    public async Task A_turn_cancelled_while_the_model_thinks_continues_in_the_next_turn(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, NothingButInterrupt);
        var first = await rig.SayAsync("First.");
        var turn = rig.Begin("!stall");
        await model
            .Server.WaitForExchangeAsync(exchange =>
                exchange.Request is { LastUserText: "!stall" } request && request.ThreadId == first.Thread.ToString()
            )
            .WithinLimit();
        turn.Cancel();

        Assert.Equal(StopReason.Cancelled, (await turn.EndAsync()).End.StopReason);
        Assert.Equal(first.Thread, (await rig.SayAsync("Third.")).Said("Third.").Thread);
    }

    [Theory]
    [EachBackend]
    public async Task A_forced_cancel_kills_codex_and_the_thread_still_goes_on(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, NothingButInterrupt);
        var first = await rig.SayAsync("First.");
        var turn = rig.Begin("!run touch here; sleep 3600");
        await Limits.UntilAsync(() => File.Exists(Path.Combine(rig.Workspace(), "here")));
        turn.Cancel(force: true);

        Assert.Equal(StopReason.Cancelled, (await turn.EndAsync()).End.StopReason);
        await rig.GoneAsync();
        Assert.Equal(first.Thread, (await rig.SayAsync("Third.")).Said("Third.").Thread);
    }

    [Theory]
    [EachBackend]
    public async Task A_turn_over_its_deadline_is_stopped_and_says_so(BackendKind backend)
    {
        await using var rig = new CodexRig(model.Server, backend, "turns.timeout=2s");
        var turn = rig.Begin("!stall");
        var late = await turn.EndAsync();

        Assert.Equal(StopReason.Timeout, late.End.StopReason);
        Assert.Equal(("deadline_exceeded", TurnErrorClass.Timeout), (late.Error!.Code, late.Error.Class));
        await rig.GoneAsync();
    }
}
