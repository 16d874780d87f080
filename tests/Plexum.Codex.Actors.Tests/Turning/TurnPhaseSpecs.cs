using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Backend;
using Xunit;

namespace Plexum.Codex.Turns;

public sealed class TurnPhaseSpecs : AgentTestKit
{
    [Fact]
    public void Every_phase_should_be_reached_from_the_first_and_lead_to_the_last()
    {
        var all = Enum.GetValues<TurnPhase>();

        Assert.Equal(all, Reachable(TurnPhase.Preparing).Order());
        Assert.All(all, phase => Assert.Contains(TurnPhase.Ended, Reachable(phase)));
        Assert.DoesNotContain(all, phase => TurnPhases.Allow(TurnPhase.Ended, phase));
    }

    [Fact]
    public void A_turn_that_is_past_being_cancelled_should_not_come_back()
    {
        var ending = Enum.GetValues<TurnPhase>().Where(phase => phase.IsEnding()).ToList();

        Assert.Equal([TurnPhase.Finishing, TurnPhase.Settling, TurnPhase.Ended], ending);
        Assert.All(ending, phase => Assert.All(Reachable(phase), next => Assert.True(next.IsEnding())));
    }

    /// <summary>A backend that breaks the protocol fails its turn's actor, and the turn still ends.</summary>
    [Fact]
    public async Task An_illegal_move_should_fail_the_turns_actor_and_leave_the_end_to_the_hold()
    {
        TurnHold hold = null!;
        EventFilter.Exception<InvalidOperationException>(contains: "cannot go from Finishing to Finishing").ExpectOne(Limits.Wait, () =>
        {
            var actor = RunTurn(new MadBackend(), out hold);
            Watch(actor);
            ExpectTerminated(actor, Limits.Wait);
        });

        var outcome = await hold.Abandon(new BackendResult.Failed(BackendFailure.Internal("It failed."))).WithinLimit();

        Assert.Equal("host_failure", outcome.ErrorCode);
        var events = TurnStory.Read(TurnDirectory.Of(hold.Agent, hold.Turn.TurnId).EventsFile);
        Assert.IsType<CanonicalEvent.MessageEnd>(events[^1]);
        Assert.Single(events.OfType<CanonicalEvent.Error>());
    }

    private static HashSet<TurnPhase> Reachable(TurnPhase from)
    {
        var reached = new HashSet<TurnPhase> { from };
        while (Enum.GetValues<TurnPhase>().FirstOrDefault(to => !reached.Contains(to) && reached.Any(phase => TurnPhases.Allow(phase, to)), from) is var next && reached.Add(next))
        {
        }

        return reached;
    }

    private IActorRef RunTurn(ICodexBackend backend, out TurnHold hold)
    {
        var run = NewRun("hi");
        var services = new AgentServices(ProfileRoot, Settings.ForAgents(), Settings.ForRollouts(), Time, backend).ForTurns;
        hold = new TurnHold(services, new TurnToRun(run.Id, run.Request, new Prompt("hi", []), null, ActorRefs.Nobody));
        var turn = hold;
        return CreateTestProbe().ChildActorOf(TurnActor.Props(turn, CreateTestProbe().Ref, null), Akka.Actor.SupervisorStrategy.StoppingStrategy);
    }

    private sealed class MadBackend : ICodexBackend
    {
        public string Name => "mad";

        public IBackendRun NewRun(BackendTurn turn) => new MadRun();

        public Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) => Task.FromResult<RecoveredTurn?>(null);

        private sealed class MadRun : IBackendRun
        {
            public Props PropsOf(IActorRef rollout) => Props.Create(() => new MadActor());

            public Task KillAsync() => Task.CompletedTask;

            public void NoteSettled()
            {
            }
        }

        private sealed class MadActor : ReceiveActor
        {
            public MadActor() => Receive<CodexBackendProtocol.Start>(_ =>
            {
                Context.Parent.Tell(CodexBackendProtocol.Finishing.Instance);
                Context.Parent.Tell(CodexBackendProtocol.Finishing.Instance);
            });
        }
    }
}
