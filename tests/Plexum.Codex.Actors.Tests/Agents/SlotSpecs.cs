using Akka.Actor;
using Plexum.Codex.Admission;
using Plexum.Codex.Options;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class SlotSpecs : AgentTestKit
{
    public SlotSpecs()
    {
        Admission = Sys.ActorOf(AdmissionActor.Props(1));
        Stage.Script(
            "write " + Stage.File("diary") + " ${prompt}",
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "thread",
            "turn",
            "say ${prompt}",
            "completed 1 1"
        );
    }

    [Theory]
    [EachBackend]
    public void A_turn_beyond_the_slots_waits_and_runs_when_one_is_free(BackendKind backend)
    {
        Kind = backend;
        var first = Submit("first");
        AwaitFile("ready");
        var second = Submit("second", Bob);
        Eventually(() => Assert.Equal(AgentPhase.WaitingForSlot, Snapshot(Bob).Phase));
        Assert.Equal([second.Id], Snapshot(Bob).QueuedTurns.AsEnumerable());
        Assert.Single(Stage.Calls);

        Stage.Touch("go");

        first.Ended(StopReason.EndTurn);
        second.Ended(StopReason.EndTurn);
        AwaitFree();
    }

    [Theory]
    [EachBackend]
    public void An_agent_with_many_turns_does_not_delay_another_agents_first(BackendKind backend)
    {
        Kind = backend;
        var many = Enumerable.Range(1, 5).Select(number => Submit($"many-{number}")).ToList();
        AwaitFile("ready");
        var other = Submit("other", Bob);
        Eventually(() => Assert.Equal(AgentPhase.WaitingForSlot, Snapshot(Bob).Phase));
        Stage.Touch("go");

        other.Ended(StopReason.EndTurn);
        many.ForEach(turn => turn.Ended(StopReason.EndTurn));
        Assert.Equal(["many-1", "other", "many-2", "many-3", "many-4", "many-5"], File.ReadAllLines(Stage.File("diary")));
        AwaitFree();
    }

    [Theory]
    [EachBackend]
    public void A_turn_that_is_cancelled_while_it_waits_does_not_hold_the_slot(BackendKind backend)
    {
        Kind = backend;
        var first = Submit("first");
        AwaitFile("ready");
        var second = Submit("second", Bob);
        Eventually(() => Assert.Equal(AgentPhase.WaitingForSlot, Snapshot(Bob).Phase));

        Assert.Equal(CancelOutcome.Dequeued, Cancel(second));

        second.Ended(StopReason.Cancelled);
        Assert.Equal(AgentPhase.Idle, Snapshot(Bob).Phase);
        Stage.Touch("go");
        first.Ended(StopReason.EndTurn);
        AwaitFree();
        var third = Submit("third", Bob);
        third.Ended(StopReason.EndTurn);
        AwaitFree();
    }

    [Theory]
    [EachBackend]
    public void A_codex_that_was_recovered_holds_a_slot(BackendKind backend)
    {
        Kind = backend;
        var first = Submit("first");
        AwaitFile("ready");
        LeaveAgents();
        AwaitFree();
        Recover(first);
        AwaitPhase(AgentPhase.Running);

        Assert.Equal([Alice], Slots().Held.AsEnumerable());
        Stage.Touch("go");
        AwaitFree();
    }

    [Theory]
    [EachBackend]
    public void Slots_are_granted_only_once_those_that_run_already_have_theirs(BackendKind backend)
    {
        Kind = backend;
        Admission!.Tell(AdmissionProtocol.Pause.Instance, ActorRefs.NoSender);
        var turn = Submit("first");
        AwaitPhase(AgentPhase.WaitingForSlot);
        Assert.Equal([Alice], Slots().Waiting.AsEnumerable());

        Admission.Tell(AdmissionProtocol.Resume.Instance, ActorRefs.NoSender);

        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);
    }

    [Theory]
    [EachBackend]
    public void Slots_are_granted_after_a_while_when_nobody_says_that_they_may_be(BackendKind backend)
    {
        Kind = backend;
        Admission!.Tell(AdmissionProtocol.Pause.Instance, ActorRefs.NoSender);
        var turn = Submit("first");
        AwaitPhase(AgentPhase.WaitingForSlot);
        Assert.Equal([Alice], Slots().Waiting.AsEnumerable());

        Clock.Advance(TimeSpan.FromSeconds(30));

        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);
    }

    [Theory]
    [EachBackend]
    public void A_slot_that_nobody_answers_for_is_asked_for_again(BackendKind backend)
    {
        Kind = backend;
        var silent = CreateTestProbe();
        silent.IgnoreMessages(message => message is AdmissionProtocol.GetPlace);
        Admission = silent.Ref;
        var turn = Submit("hello");
        var asked = silent.ExpectMsg<AdmissionProtocol.RequestSlot>();

        AwaitPhase(AgentPhase.WaitingForSlot);
        Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(asked, silent.ExpectMsg<AdmissionProtocol.RequestSlot>());
        silent.Reply(new AdmissionProtocol.SlotGranted(asked.Request - 1));
        silent.Reply(new AdmissionProtocol.SlotGranted(asked.Request));
        Stage.Touch("go");

        turn.Ended(StopReason.EndTurn);
        silent.ExpectMsg<AdmissionProtocol.ReleaseSlot>();
    }

    private AdmissionProtocol.AdmissionSnapshot Slots()
    {
        var probe = CreateTestProbe();
        Admission!.Tell(AdmissionProtocol.GetAdmission.Instance, probe.Ref);
        return probe.ExpectMsg<AdmissionProtocol.AdmissionSnapshot>();
    }

    private void AwaitFree() => Eventually(() => Assert.Empty(Slots().Held));
}
