using Akka.Actor;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Recovery;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Faults;

/// <summary>Somebody sets the machine's clock while turns wait, run and are taken up.</summary>
public sealed class ClockJumpSpecs : AgentTestKit
{
    private readonly ManualTime _time = ManualTime.Running();

    public ClockJumpSpecs()
    {
        Time = _time;
        Ledger = SqliteLedger.OpenAsync(Stage.File("ledger.db"), _time, _ => { }).Result;
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_clock_that_jumps_between_every_two_steps_changes_neither_order_nor_durations(int days)
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 7 3");
        var first = Submit("1");
        first.Accepted();
        Jump(days);
        var second = Submit("2");
        second.Accepted();
        AwaitFile("ready");
        Jump(days);
        Stage.Touch("go");

        foreach (var turn in new[] { first, second })
        {
            var end = turn.Ended(StopReason.EndTurn).End;
            Assert.InRange(end.Duration, TimeSpan.Zero, TimeSpan.FromDays(1));
            Jump(days);
        }

        await Ledger.FlushAsync();
        Assert.Equal(["1", "2"], Stage.Calls.Select(call => call.Prompt));
        Assert.Equal([second.Id, first.Id], (await Ledger.TurnsAsync(new TurnFilter(Limit: 10))).Select(turn => turn.TurnId));
    }

    [Theory]
    [InlineData(-3)]
    [InlineData(3)]
    public async Task A_clock_that_jumps_between_two_programs_changes_neither_order_nor_ends(int days)
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 7 3");
        var turns = new List<TurnRun>();
        foreach (var prompt in new[] { "1", "2", "3" })
        {
            turns.Add(Submit(prompt));
            turns[^1].Accepted();
            Jump(days);
        }

        AwaitFile("ready");
        await Ledger.FlushAsync();
        LeaveAgents();
        Jump(days);
        var ends = CreateTestProbe();
        HearOfEnds(ends.Ref);
        var recovery = Sys.ActorOf(RecoveryActor.Props(Ledger, Registry));
        recovery.Tell(RecoveryProtocol.AwaitRecovery.Instance, TestActor);
        Assert.Equal(new RecoveryProtocol.Recovered(1, 2, 0), ExpectMsg<RecoveryProtocol.Recovered>());
        Stage.Touch("go");

        foreach (var turn in turns)
        {
            Assert.Equal(
                (turn.Id, StopReason.EndTurn),
                ends.ExpectMsg<TurnNotice.Ended>() is var ended ? (ended.TurnId, ended.StopReason) : default
            );
            Assert.True(TurnStory.Whole(turn).End.Duration >= TimeSpan.Zero);
        }

        Assert.Equal(["1", "2", "3"], Stage.Calls.Select(call => call.Prompt));
    }

    [Fact]
    public async Task A_codex_that_failed_while_nobody_watched_has_not_taken_too_long_because_the_clock_jumped()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "long 30000000", "failed It broke.");
        _time.Offset = TimeSpan.FromDays(-30);
        var turn = Submit("1");
        turn.Accepted();
        AwaitFile("ready");
        await Ledger.FlushAsync();
        var codex = LastCodex();
        LeaveAgents();
        _time.Offset = TimeSpan.Zero;
        Stage.Touch("go");
        Eventually(() => Assert.False(codex.IsRunning));
        var ends = CreateTestProbe();
        HearOfEnds(ends.Ref);

        Assert.Equal(1, Recover(turn).Started);
        Identify(ActorOf(Alice));
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(StopReason.Error, ends.ExpectMsg<TurnNotice.Ended>().StopReason);
        Assert.Equal("It broke.", TurnStory.Whole(turn).Error.Message);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Ledger.DisposeAsync().AsTask().Wait(Limits.Wait);
    }

    private void Jump(int days) => _time.Offset += TimeSpan.FromDays(days);
}
