using System.Globalization;
using Plexum.Codex.Agents;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Running;

public sealed class StopSpecs : AgentTestKit
{
    [Fact]
    public void A_forced_cancel_kills_at_once()
    {
        Stage.Script("ignore INT", "ignore TERM", "thread", "turn", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");

        Assert.Equal(CancelOutcome.Killed, Cancel(turn, force: true));

        turn.Ended(StopReason.Cancelled);
        Assert.Equal([ProcessSignal.Kill], Signals);
    }

    [Fact]
    public void A_cancelled_codex_that_ignores_all_is_killed_in_the_end()
    {
        Stage.Script("ignore INT", "ignore TERM", "thread", "turn", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");
        Assert.Equal(CancelOutcome.Stopping, Cancel(turn));

        AwaitEndByClock(turn);

        turn.Ended(StopReason.Cancelled);
        Assert.Equal([ProcessSignal.Interrupt, ProcessSignal.Terminate, ProcessSignal.Kill], Signals);
    }

    [Fact]
    public void A_turn_that_takes_too_long_is_stopped_and_ends_with_an_error_that_says_so()
    {
        Stage.Script("thread", "turn", "say half", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");
        Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Identify(ActorOf(Alice));
        Assert.Empty(Signals);

        Clock.Advance(TimeSpan.FromMilliseconds(1));

        var story = turn.Ended(StopReason.Timeout);
        Assert.Equal(["half"], story.Texts);
        Assert.Equal(("deadline_exceeded", TurnErrorClass.Timeout), (story.Error.Code, story.Error.Class));
        Assert.Equal(ProcessSignal.Interrupt, Signals.First());
    }

    [Fact]
    public void A_codex_that_finished_the_turn_and_does_not_exit_is_stopped_and_the_turn_counts_as_done()
    {
        Stage.Script("thread", "turn", "say done", "completed 5 1", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");
        Eventually(() => Assert.Contains(turn.Events, value => value is CanonicalEvent.TextDelta));
        Clock.Advance(ExecSettings.ExitGrace - TimeSpan.FromMilliseconds(1));
        Identify(ActorOf(Alice));
        Assert.Empty(Signals);

        AwaitEndByClock(turn);

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Equal([NoticeCodes.DidNotExit], story.Notices);
        Assert.Equal(new Usage(5, 1, 0, 0), story.End.Usage);
    }

    [Fact]
    public void A_codex_that_reported_a_failure_and_does_not_exit_is_stopped_and_the_turn_has_failed()
    {
        Stage.Script("thread", "turn", "failed no luck", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");

        AwaitEndByClock(turn);

        Assert.Equal("no luck", turn.Ended(StopReason.Error).Error.Message);
    }

    [Fact]
    public void A_turn_that_is_cancelled_after_codex_finished_it_counts_as_done_and_says_so()
    {
        Stage.Script("thread", "turn", "say done", "completed 5 1", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");

        Cancel(turn);

        Assert.Equal([NoticeCodes.DidNotExit], turn.Ended(StopReason.EndTurn).Notices);
    }

    [Fact]
    public void A_codex_that_hangs_before_its_first_line_is_stopped_by_a_cancel()
    {
        Stage.Script("touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");

        Cancel(turn);

        var story = turn.Ended(StopReason.Cancelled);
        Assert.Equal(2, story.Events.Length);
        Assert.Null(story.End.ThreadId);
        Assert.False(File.Exists(SessionPath));
    }

    [Fact]
    public void What_codex_says_while_it_stops_is_still_reported()
    {
        Stage.Script("on INT say last words", "thread", "turn", "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");

        Cancel(turn);

        Assert.Equal(["last words"], turn.Ended(StopReason.Cancelled).Texts);
    }

    [Fact]
    public void What_codex_started_is_killed_with_a_cancelled_turn()
    {
        Stage.Script("thread", "turn", "child " + Stage.File("child"), "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");
        var child = Child();

        Cancel(turn);

        var notice = turn.Ended(StopReason.Cancelled).Notice(NoticeCodes.Survivors);
        Assert.Contains("were killed", notice.Message, StringComparison.Ordinal);
        Assert.Contains(child.Pid.ToString(CultureInfo.InvariantCulture), notice.Message, StringComparison.Ordinal);
        Eventually(() => Assert.False(child.IsRunning));
    }

    [Theory]
    [InlineData("child ")]
    [InlineData("untold-child ")]
    public void What_codex_started_is_reported_and_left_alone_after_a_turn_that_ended_by_itself(string child)
    {
        Stage.Script("thread", "turn", child + Stage.File("child"), "completed 1 1");

        var story = Run("hi");

        var left = Child();
        var notice = story.Notice(NoticeCodes.Survivors);
        Assert.DoesNotContain("killed", notice.Message, StringComparison.Ordinal);
        Assert.Contains(left.Pid.ToString(CultureInfo.InvariantCulture), notice.Message, StringComparison.Ordinal);
        Assert.True(left.IsRunning);
        Assert.Empty(Signals);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_codex_started_for_itself_is_no_survivor_of_a_turn(bool runsCommand)
    {
        Stage.Script([
            "thread",
            "turn",
            "helper " + Stage.File("child"),
            .. runsCommand ? ["command ls"] : Array.Empty<string>(),
            "completed 1 1",
        ]);

        var story = Run("hi");

        Assert.DoesNotContain(story.Events, e => e is CanonicalEvent.Notice { Code: NoticeCodes.Survivors });
        Assert.True(Child().IsRunning);
    }

    [Fact]
    public void What_codex_started_for_itself_is_killed_with_a_cancelled_turn_all_the_same()
    {
        Stage.Script("thread", "turn", "helper " + Stage.File("child"), "touch " + Stage.File("ready"), "hang");
        var turn = Submit("hi");
        AwaitFile("ready");
        var child = Child();

        Cancel(turn);

        Assert.DoesNotContain(turn.Ended(StopReason.Cancelled).Events, e => e is CanonicalEvent.Notice { Code: NoticeCodes.Survivors });
        Eventually(() => Assert.False(child.IsRunning));
    }

    private ProcessIdentity Child() => ProcessProbe.Identify(ProcessProbe.PidIn(Stage.File("child")));

    private void AwaitEndByClock(TurnRun turn) =>
        Eventually(() =>
        {
            Clock.Advance(ExecSettings.ExitGrace);
            Assert.Contains(turn.Events, value => value is CanonicalEvent.MessageEnd);
        });
}
