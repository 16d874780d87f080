using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Admission;

public sealed class AdmissionActorSpecs() : Akka.TestKit.Xunit2.TestKit(TestSystem.Config)
{
    [Fact]
    public void No_more_slots_are_granted_than_there_are_and_a_returned_one_goes_to_the_first_who_waits()
    {
        var slots = Slots(2);
        var (a, b, c, d) = (Ask(slots, "a"), Ask(slots, "b"), Ask(slots, "c"), Ask(slots, "d"));
        AssertGranted(a);
        AssertGranted(b);
        AssertHeld(slots, ["a", "b"], ["c", "d"]);

        Release(slots, b);

        AssertGranted(c);
        AssertHeld(slots, ["a", "c"], ["d"]);
        Assert.False(d.HasMessages);
    }

    [Fact]
    public void An_agent_that_asks_for_turn_after_turn_waits_behind_every_other_agents_first()
    {
        var slots = Slots(1);
        var busy = Ask(slots, "busy");
        AssertGranted(busy);
        var other = Ask(slots, "other");
        Request(slots, busy, "busy-again");

        AssertGranted(busy);
        Release(slots, busy);
        Request(slots, busy, "busy");

        AssertGranted(other);
        AssertHeld(slots, ["other"], ["busy"]);
    }

    [Fact]
    public void A_request_that_is_repeated_keeps_its_place()
    {
        var slots = Slots(1);
        AssertGranted(Ask(slots, "holder"));
        var first = Ask(slots, "first");
        var second = Ask(slots, "second");
        Request(slots, first, "first");

        AssertHeld(slots, ["holder"], ["first", "second"]);
        Assert.False(second.HasMessages);
    }

    [Fact]
    public void A_request_that_is_withdrawn_leaves_its_place_to_the_next()
    {
        var slots = Slots(1);
        var holder = Ask(slots, "holder");
        AssertGranted(holder);
        var gone = Ask(slots, "gone");
        var next = Ask(slots, "next");

        Release(slots, gone);
        Release(slots, holder);

        AssertGranted(next);
        AssertHeld(slots, ["next"], []);
    }

    [Fact]
    public void An_agent_that_stops_gives_its_slot_back()
    {
        var slots = Slots(1);
        var holder = Ask(slots, "holder");
        AssertGranted(holder);
        var waiting = Ask(slots, "waiting");
        var next = Ask(slots, "next");

        Sys.Stop(waiting.Ref);
        AwaitAssert(() => AssertHeld(slots, ["holder"], ["next"]), interval: TimeSpan.FromMilliseconds(10));
        Sys.Stop(holder.Ref);

        AssertGranted(next);
        AssertHeld(slots, ["next"], []);
    }

    [Fact]
    public void A_codex_that_runs_already_counts_even_beyond_the_limit()
    {
        var slots = Slots(1);
        var found = new[] { CreateTestProbe(), CreateTestProbe() };
        slots.Tell(new AdmissionProtocol.OccupySlot(AgentId.Parse("found-1")), found[0].Ref);
        slots.Tell(new AdmissionProtocol.OccupySlot(AgentId.Parse("found-2")), found[1].Ref);
        var waiting = Ask(slots, "waiting");

        Release(slots, found[0]);
        AssertHeld(slots, ["found-2"], ["waiting"]);
        Release(slots, found[1]);

        AssertGranted(waiting);
    }

    [Fact]
    public void A_drain_grants_nothing_more_and_answers_when_the_last_slot_is_back()
    {
        var slots = Slots(2);
        var (a, b) = (Ask(slots, "a"), Ask(slots, "b"));
        AssertGranted(a);
        AssertGranted(b);
        var waiting = Ask(slots, "waiting");
        var drainer = CreateTestProbe();

        slots.Tell(AdmissionProtocol.Drain.Instance, drainer.Ref);
        Release(slots, a);
        AssertHeld(slots, ["b"], ["waiting"]);
        Assert.False(drainer.HasMessages);
        Release(slots, b);

        drainer.ExpectMsg<AdmissionProtocol.Drained>();
        Assert.False(waiting.HasMessages);
    }

    [Fact]
    public void A_drain_of_idle_slots_answers_at_once()
    {
        Slots(1).Tell(AdmissionProtocol.Drain.Instance, TestActor);

        ExpectMsg<AdmissionProtocol.Drained>();
    }

    [Fact]
    public void A_drain_outlasts_a_failure_and_still_waits_for_the_slots_that_are_held()
    {
        var slots = Slots(2);
        var holder = Ask(slots, "holder");
        AssertGranted(holder);
        var drainer = CreateTestProbe();
        slots.Tell(AdmissionProtocol.Drain.Instance, drainer.Ref);
        AssertHeld(slots, ["holder"], []);

        slots.Restart();
        var waiting = Ask(slots, "waiting");

        AssertHeld(slots, ["holder"], ["waiting"]);
        Assert.False(drainer.HasMessages);
        Release(slots, holder);
        drainer.ExpectMsg<AdmissionProtocol.Drained>();
        AssertHeld(slots, [], ["waiting"]);
        Assert.False(waiting.HasMessages);
    }

    [Fact]
    public void A_drain_that_was_answered_outlasts_a_failure()
    {
        var slots = Slots(1);
        slots.Tell(AdmissionProtocol.Drain.Instance, TestActor);
        ExpectMsg<AdmissionProtocol.Drained>();

        slots.Restart();
        var waiting = Ask(slots, "waiting");

        AssertHeld(slots, [], ["waiting"]);
        Assert.False(waiting.HasMessages);
    }

    [Fact]
    public void A_pause_outlasts_a_failure()
    {
        var slots = Slots(1);
        slots.Tell(AdmissionProtocol.Pause.Instance, TestActor);
        AssertHeld(slots, [], []);

        slots.Restart();
        var waiting = Ask(slots, "waiting");
        AssertHeld(slots, [], ["waiting"]);
        slots.Tell(AdmissionProtocol.Resume.Instance, TestActor);

        AssertGranted(waiting);
    }

    [Fact]
    public void A_slot_that_is_returned_while_its_owner_fails_is_free()
    {
        var slots = Slots(1);
        var holder = Ask(slots, "holder");
        AssertGranted(holder);

        slots.Restart();
        Release(slots, holder);

        AssertHeld(slots, [], []);
    }

    [Theory]
    [InlineData(24L << 30, 2, 32)]
    [InlineData(4L << 30, 8, 12)]
    [InlineData(256L << 20, 1, 2)]
    public void The_limit_comes_from_memory_and_processors(long memory, int processors, int expected) =>
        Assert.Equal(expected, AdmissionLimit.Default(memory, processors));

    private IActorRef Slots(int limit) => Sys.ActorOf(AdmissionActor.Props(limit));

    private TestProbe Ask(IActorRef slots, string agent)
    {
        var probe = CreateTestProbe();
        Request(slots, probe, agent);
        return probe;
    }

    private static void Request(IActorRef slots, TestProbe probe, string agent) =>
        slots.Tell(new AdmissionProtocol.RequestSlot(AgentId.Parse(agent), 7), probe.Ref);

    private static void Release(IActorRef slots, TestProbe probe) => slots.Tell(AdmissionProtocol.ReleaseSlot.Instance, probe.Ref);

    private static void AssertGranted(TestProbe probe) => Assert.Equal(7, probe.ExpectMsg<AdmissionProtocol.SlotGranted>().Request);

    private void AssertHeld(IActorRef slots, string[] held, string[] waiting)
    {
        slots.Tell(AdmissionProtocol.GetAdmission.Instance, TestActor);
        var snapshot = ExpectMsg<AdmissionProtocol.AdmissionSnapshot>();
        Assert.Equal(held, snapshot.Held.Select(id => id.Value).Order());
        Assert.Equal(waiting, snapshot.Waiting.Select(id => id.Value));
    }
}
