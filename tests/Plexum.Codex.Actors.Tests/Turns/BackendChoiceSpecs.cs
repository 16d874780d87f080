using Akka.Actor;
using Plexum.Codex.Admission;
using Plexum.Codex.Agents;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.TestSupport.Agents;
using Xunit;

namespace Plexum.Codex.Turns;

/// <summary>What runs a turn stays what its log says, even if codex is replaced meanwhile.</summary>
public sealed class BackendChoiceSpecs : AgentTestKit
{
    private readonly ScriptedBackend _backend = new() { Kind = BackendKind.AppServer, Script = ["thread", "completed"] };

    protected override ICodexBackend Backend => _backend;

    [Fact]
    public void A_turn_that_is_to_ask_runs_with_the_backend_that_was_chosen_first()
    {
        Settings = Settings with { Approvals = new ApprovalSettings { Policy = ApprovalPolicy.OnRequest } };
        _backend.IsChosenLate = true;
        _backend.Chosen = () => _backend.Kind = BackendKind.Exec;

        EndsInTheServer(Submit("1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_turn_that_told_of_its_wait_runs_with_the_backend_that_it_named_then(bool inTheNextProgram)
    {
        Admission = Sys.ActorOf(AdmissionActor.Props(1));
        Settings = Settings with { WaitingNotice = TimeSpan.FromSeconds(5) };
        Admission.Tell(AdmissionProtocol.Pause.Instance, ActorRefs.NoSender);
        var turn = Submit("1");
        AwaitPhase(AgentPhase.WaitingForSlot);
        Clock.Advance(TimeSpan.FromSeconds(5));
        Eventually(() => Assert.Contains(turn.Events, value => value is CanonicalEvent.Notice { Code: NoticeCodes.WaitingForSlot }));

        _backend.Kind = BackendKind.Exec;
        if (inTheNextProgram)
        {
            LeaveAgents();
            Recover(turn);
        }

        Admission.Tell(AdmissionProtocol.Resume.Instance, ActorRefs.NoSender);
        EndsInTheServer(turn);
    }

    private void EndsInTheServer(TurnRun turn)
    {
        turn.Ended(StopReason.EndTurn);
        Assert.Equal(BackendKind.AppServer, Assert.Single(turn.Events.OfType<CanonicalEvent.MessageStart>()).Backend);
        Assert.Equal([BackendKind.AppServer], _backend.Kinds);
    }
}
