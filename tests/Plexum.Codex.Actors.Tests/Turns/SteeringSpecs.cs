using Akka.TestKit;
using Plexum.Codex.Agents;
using Plexum.Codex.Backend;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns.Parts;
using Xunit;

namespace Plexum.Codex.Turns;

/// <summary>What becomes of a text that is said to a turn.</summary>
public sealed class SteeringSpecs : AgentTestKit
{
    private readonly ScriptedBackend _backend = new() { Steered = SteerOutcome.Accepted };

    protected override ICodexBackend Backend => _backend;

    [Fact]
    public void A_turn_that_runs_gets_it_and_one_that_waits_or_has_ended_does_not()
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

        Assert.Equal(SteerOutcome.NotRunning, Steer(running, "too late"));
        Assert.Equal(["now"], _backend.Additions);
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
    public void Answers_reach_those_who_asked_in_their_order_and_one_that_is_not_asked_is_not_among_them()
    {
        var steering = new Steering();
        var (run, first, second, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        steering.Pass(run, "1", first);
        steering.Pass(run, "2", second);
        Assert.Equal(
            ["1", "2"],
            new[] { run.ExpectMsg<CodexBackendProtocol.Steer>().Text, run.ExpectMsg<CodexBackendProtocol.Steer>().Text }
        );

        steering.Pass(null, "3", late);
        Assert.Equal(SteerOutcome.NotRunning, Answer(late));
        Assert.False(first.HasMessages);
        steering.Answer(SteerOutcome.Accepted);
        Assert.Equal(SteerOutcome.Accepted, Answer(first));
        steering.Answer(SteerOutcome.NotSupported);
        Assert.Equal(SteerOutcome.NotSupported, Answer(second));
    }

    [Fact]
    public void Those_who_still_wait_at_the_end_are_answered_and_what_comes_later_is_for_nobody()
    {
        var steering = new Steering();
        var (run, first, second) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        steering.Pass(run, "1", first);
        steering.Pass(run, "2", second);

        steering.End();
        steering.Answer(SteerOutcome.Accepted);

        Assert.Equal((SteerOutcome.NotRunning, SteerOutcome.NotRunning), (Answer(first), Answer(second)));
        Assert.False(first.HasMessages || second.HasMessages);
    }

    private static SteerOutcome Answer(TestProbe asker) => asker.ExpectMsg<CodexBackendProtocol.SteerAnswered>().Outcome;

    private SteerOutcome Steer(TurnRun turn, string text)
    {
        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.SteerTurn(turn.Agent, turn.Id, text), probe.Ref);
        return Answer(probe);
    }
}
