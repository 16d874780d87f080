using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Posix;
using Plexum.Codex.TestSupport.Agents;
using Xunit;

namespace Plexum.Codex.Turns;

public sealed class TurnPhaseSpecs : AgentTestKit
{
    private readonly MadBackend _backend = new();

    protected override ICodexBackend Backend => _backend;

    [Fact]
    public void Every_phase_is_reached_from_the_first_and_leads_to_the_last()
    {
        var all = Enum.GetValues<TurnPhase>();

        Assert.Equal(all, Reachable(TurnPhase.Preparing).Order());
        Assert.All(all, phase => Assert.Contains(TurnPhase.Ended, Reachable(phase)));
        Assert.DoesNotContain(all, phase => TurnPhases.Allow(TurnPhase.Ended, phase));
    }

    [Fact]
    public void A_turn_that_is_past_being_cancelled_does_not_come_back()
    {
        var ending = Enum.GetValues<TurnPhase>().Where(phase => phase.IsEnding()).ToList();

        Assert.Equal([TurnPhase.Finishing, TurnPhase.Settling, TurnPhase.Ended], ending);
        Assert.All(ending, phase => Assert.All(Reachable(phase), next => Assert.True(next.IsEnding())));
    }

    /// <summary>An illegal move throws: the turn's actor fails, and the turn still ends, once.</summary>
    [Fact]
    public void A_backend_that_breaks_the_protocol_costs_its_turn_only()
    {
        TurnStory? story = null;
        TurnRun? next = null;
        EventFilter
            .Exception<InvalidOperationException>()
            .ExpectOne(Limits.Wait, () =>
            {
                var turn = Submit("one");
                next = Submit("two");
                story = turn.Ended(StopReason.Error);
            });

        Assert.Equal(("host_failure", TurnErrorClass.Internal), (story!.Error.Code, story.Error.Class));
        next!.Ended(StopReason.EndTurn);
    }

    private static HashSet<TurnPhase> Reachable(TurnPhase from)
    {
        var reached = new HashSet<TurnPhase> { from };
        while (
            Enum.GetValues<TurnPhase>()
                .FirstOrDefault(to => !reached.Contains(to) && reached.Any(phase => TurnPhases.Allow(phase, to)), from)
                is var next
            && reached.Add(next)
        ) { }

        return reached;
    }

    /// <summary>Its first turn finishes twice.</summary>
    private sealed class MadBackend : ICodexBackend
    {
        private int _runs;

        public string Name => "mad";

        public IBackendRun NewRun(BackendTurn turn) => new MadRun(_runs++ == 0);

        public Task<RecoveredTurn?> FindAsync(BackendTurn turn, bool threadWasLost) => Task.FromResult<RecoveredTurn?>(null);
    }

    private sealed class MadRun(bool isMad) : IBackendRun
    {
        public Props PropsOf(IActorRef rollout) => Props.Create(() => new MadActor(isMad));

        public Task KillAsync() => Task.CompletedTask;

        public Task<bool> IsOwnAsync(SocketPeer peer, CancellationToken cancellationToken) => Task.FromResult(false);

        public string? NoteSettled() => null;
    }

    private sealed class MadActor : ReceiveActor
    {
        public MadActor(bool isMad) =>
            Receive<CodexBackendProtocol.Start>(_ =>
            {
                Context.Parent.Tell(CodexBackendProtocol.Finishing.Instance);
                CodexBackendProtocol.IReport report = isMad
                    ? CodexBackendProtocol.Finishing.Instance
                    : new CodexBackendProtocol.Ended(BackendEnd.Without(BackendResult.Completed.Instance, null));
                Context.Parent.Tell(report);
            });
    }
}
