using Akka.TestKit;
using Plexum.Codex.Agents;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Profiles;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns.Parts;
using Xunit;

namespace Plexum.Codex.Turns;

/// <summary>What becomes of a text that is said to a turn.</summary>
public sealed class SteeringSpecs : AgentTestKit
{
    private readonly ScriptedBackend _backend = new() { Steered = SteerOutcome.Accepted };
    private readonly List<CanonicalEvent> _told = [];

    protected override ICodexBackend Backend => _backend;

    [Fact]
    public void A_turn_that_runs_gets_it_and_one_that_waits_or_is_not_there_does_not()
    {
        _backend.Script = ["thread", "gate", "completed"];
        var running = Submit("1");
        Eventually(() => Assert.Equal(1, _backend.Waiting));
        var waiting = Submit("2");
        Assert.Equal(1, waiting.Accepted().Position);

        Assert.Equal(SteerOutcome.NotRunning, Steer(waiting, "too early"));
        Assert.Equal(SteerOutcome.Accepted, Steer(running, "now"));
        _backend.Gate.SetResult();
        running.Ended(StopReason.EndTurn);
        waiting.Ended(StopReason.EndTurn);
        AwaitPhase(AgentPhase.Idle);

        Assert.Equal(SteerOutcome.NotAtHand, Steer(running, "too late"));
        Assert.Equal(["now"], _backend.Additions);
    }

    [Fact]
    public void A_guest_adds_to_no_turn_of_the_owner_s()
    {
        _backend.Script = ["thread", "gate", "completed"];
        var turn = Submit("1");
        Eventually(() => Assert.Equal(1, _backend.Waiting));

        Assert.Equal(SteerOutcome.NotAllowed, Steer(turn, "as a guest", Submitter.Guest));

        Assert.Empty(_backend.Additions);
        _backend.Gate.SetResult();
        turn.Ended(StopReason.EndTurn);
    }

    [Fact]
    public void The_log_says_what_was_said_and_by_whom()
    {
        _backend.Script = ["thread", "gate", "completed"];
        var turn = Submit("1");
        Eventually(() => Assert.Equal(1, _backend.Waiting));

        Assert.Equal(SteerOutcome.Accepted, Steer(turn, "now"));
        _backend.Steered = SteerOutcome.Refused;
        Assert.Equal(SteerOutcome.Refused, Steer(turn, "not this"));
        _backend.Gate.SetResult();
        turn.Ended(StopReason.EndTurn);

        Assert.Equal([new CanonicalEvent.Steer("now", "token:ci")], turn.Events.OfType<CanonicalEvent.Steer>());
    }

    [Fact]
    public void What_the_run_never_answers_may_have_been_said_and_the_log_says_so()
    {
        _backend.Script = ["thread", "gate", "completed"];
        _backend.Steered = null;
        var turn = Submit("1");
        Eventually(() => Assert.Equal(1, _backend.Waiting));
        var asker = CreateTestProbe();
        Registry.Tell(Addition(turn, "now"), asker.Ref);
        Eventually(() => Assert.Equal(["now"], _backend.Additions));

        _backend.Gate.SetResult();
        turn.Ended(StopReason.EndTurn);

        Assert.Equal(SteerOutcome.Unknown, Answer(asker));
        Assert.Equal([new CanonicalEvent.Steer("now", "token:ci") { IsUncertain = true }], turn.Events.OfType<CanonicalEvent.Steer>());
    }

    [Fact]
    public void A_backend_that_cannot_says_so_and_the_turn_runs_on()
    {
        _backend.Script = ["thread", "gate", "completed"];
        _backend.Steered = SteerOutcome.NotSupported;
        var turn = Submit("1");
        Eventually(() => Assert.Equal(1, _backend.Waiting));

        Assert.Equal(SteerOutcome.NotSupported, Steer(turn, "now"));

        _backend.Gate.SetResult();
        turn.Ended(StopReason.EndTurn);
    }

    [Fact]
    public void Each_answer_reaches_the_one_who_asked_for_it_in_whatever_order_it_comes()
    {
        var steering = new Steering(_told.Add);
        var (run, first, second, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        steering.Pass(run, "1", "owner", first);
        steering.Pass(run, "2", "owner", second);
        var (one, two) = (run.ExpectMsg<CodexBackendProtocol.Steer>(), run.ExpectMsg<CodexBackendProtocol.Steer>());
        Assert.Equal(("1", "2"), (one.Text, two.Text));

        steering.Pass(null, "3", "owner", late);
        Assert.Equal(SteerOutcome.NotRunning, Answer(late));
        steering.Answer(two.Answer(SteerOutcome.NotRunning));
        Assert.Equal(SteerOutcome.NotRunning, Answer(second));
        Assert.False(first.HasMessages);
        steering.Answer(one.Answer(SteerOutcome.Accepted));
        Assert.Equal(SteerOutcome.Accepted, Answer(first));

        Assert.Equal([new CanonicalEvent.Steer("1", "owner")], _told);
    }

    [Fact]
    public void Of_those_who_still_wait_at_the_end_nobody_knows_and_what_comes_later_is_for_nobody()
    {
        var steering = new Steering(_told.Add);
        var (run, first, second) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        steering.Pass(run, "1", "owner", first);
        steering.Pass(run, "2", "owner", second);

        steering.End();
        steering.Answer(run.ExpectMsg<CodexBackendProtocol.Steer>().Answer(SteerOutcome.Accepted));

        Assert.Equal((SteerOutcome.Unknown, SteerOutcome.Unknown), (Answer(first), Answer(second)));
        Assert.False(first.HasMessages || second.HasMessages);
        Assert.Equal(["1", "2"], _told.OfType<CanonicalEvent.Steer>().Where(said => said.IsUncertain).Select(said => said.Text));
    }

    private static AgentProtocol.SteerTurn Addition(TurnRun turn, string text, Submitter submitter = Submitter.Owner) =>
        new(turn.Agent, turn.Id, text, "token:ci", submitter);

    private static SteerOutcome Answer(TestProbe asker) => asker.ExpectMsg<CodexBackendProtocol.SteerAnswered>().Outcome;

    private SteerOutcome Steer(TurnRun turn, string text, Submitter submitter = Submitter.Owner)
    {
        var probe = CreateTestProbe();
        Registry.Tell(Addition(turn, text, submitter), probe.Ref);
        return Answer(probe);
    }
}
