using Akka.Actor;
using Plexum.Codex.Admission;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class SlotWaitSpecs : AgentTestKit
{
    public SlotWaitSpecs()
    {
        Admission = Sys.ActorOf(AdmissionActor.Props(1));
        Settings = Settings with { WaitingNotice = TimeSpan.FromSeconds(5) };
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 1 1");
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_for_a_slot_says_so_after_5_seconds_and_goes_on_in_the_same_log(BackendKind backend)
    {
        Kind = backend;
        var (first, second) = SubmitTwo();

        Clock.Advance(TimeSpan.FromMilliseconds(4999));
        Assert.Equal(AgentPhase.WaitingForSlot, Snapshot(Bob).Phase);
        Assert.Empty(second.Events);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        AwaitTold(second);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Stage.Touch("go");

        first.Ended(StopReason.EndTurn);
        var story = second.Ended(StopReason.EndTurn);
        Assert.Equal([NoticeCodes.WaitingForSlot], story.Notices);
        Assert.Contains("max-running: 1", story.Notice(NoticeCodes.WaitingForSlot).Message, StringComparison.Ordinal);
        Assert.Contains("number 1 ", story.Notice(NoticeCodes.WaitingForSlot).Message, StringComparison.Ordinal);
        Assert.Equal(["second"], story.Texts);
        Assert.Equal(BackendKind.Exec, Assert.Single(second.Events.OfType<CanonicalEvent.MessageStart>()).Backend);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_gets_its_slot_in_time_says_nothing(BackendKind backend)
    {
        Kind = backend;
        var (first, second) = SubmitTwo();

        Clock.Advance(TimeSpan.FromSeconds(4));
        Stage.Touch("go");

        first.Ended(StopReason.EndTurn);
        Assert.Empty(second.Ended(StopReason.EndTurn).Notices);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_said_why_it_waits_can_be_cancelled(BackendKind backend)
    {
        Kind = backend;
        var (first, second) = SubmitTwo();
        Clock.Advance(TimeSpan.FromSeconds(5));
        AwaitTold(second);

        Assert.Equal(CancelOutcome.Dequeued, Cancel(second));

        Assert.Equal([NoticeCodes.WaitingForSlot], second.Ended(StopReason.Cancelled).Notices);
        Stage.Touch("go");
        first.Ended(StopReason.EndTurn);
    }

    [Theory]
    [EachBackend]
    public void The_next_turn_of_an_agent_says_it_too_when_the_first_one_is_cancelled(BackendKind backend)
    {
        Kind = backend;
        var (first, second) = SubmitTwo();
        Clock.Advance(TimeSpan.FromSeconds(5));
        AwaitTold(second);
        var third = Submit("third", Bob);
        third.Accepted();
        Cancel(second);
        second.Ended(StopReason.Cancelled);

        Clock.Advance(TimeSpan.FromSeconds(5));

        AwaitTold(third);
        Stage.Touch("go");
        first.Ended(StopReason.EndTurn);
        third.Ended(StopReason.EndTurn);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_said_why_it_waits_runs_in_the_next_program_and_does_not_say_it_again(BackendKind backend)
    {
        Kind = backend;
        var (_, second) = SubmitTwo();
        Clock.Advance(TimeSpan.FromSeconds(5));
        AwaitTold(second);
        LeaveAgents();
        Stage.Touch("go");

        Recover(second);

        var story = second.Ended(StopReason.EndTurn);
        Assert.Equal([NoticeCodes.WaitingForSlot], story.Notices);
        Assert.Equal(["second"], story.Texts);
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_waits_for_those_of_the_last_program_says_so(BackendKind backend)
    {
        Kind = backend;
        Admission!.Tell(AdmissionProtocol.Pause.Instance, ActorRefs.NoSender);
        var turn = Submit("first");
        AwaitPhase(AgentPhase.WaitingForSlot);

        Clock.Advance(TimeSpan.FromSeconds(5));

        AwaitTold(turn);
        Admission.Tell(AdmissionProtocol.Resume.Instance, ActorRefs.NoSender);
        Stage.Touch("go");
        var notice = turn.Ended(StopReason.EndTurn).Notice(NoticeCodes.WaitingForSlot);
        Assert.Contains("just started", notice.Message, StringComparison.Ordinal);
    }

    [Theory]
    [EachBackend]
    public void A_program_that_is_set_to_tell_no_waits_tells_none(BackendKind backend)
    {
        Kind = backend;
        Settings = Settings with { WaitingNotice = null };
        var (first, second) = SubmitTwo();

        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AgentPhase.WaitingForSlot, Snapshot(Bob).Phase);
        Stage.Touch("go");

        first.Ended(StopReason.EndTurn);
        Assert.Empty(second.Ended(StopReason.EndTurn).Notices);
    }

    private (TurnRun First, TurnRun Second) SubmitTwo()
    {
        var first = Submit("first");
        AwaitFile("ready");
        var second = Submit("second", Bob);
        second.Accepted();
        Eventually(() => Assert.Equal(AgentPhase.WaitingForSlot, Snapshot(Bob).Phase));
        return (first, second);
    }

    private void AwaitTold(TurnRun turn) =>
        Eventually(() => Assert.Contains(turn.Events, value => value is CanonicalEvent.Notice { Code: NoticeCodes.WaitingForSlot }));
}
