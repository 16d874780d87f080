using Akka.Actor;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;
using Plexum.Codex.Turns.Parts;

namespace Plexum.Codex.Agents;

/// <summary>The agent's view of its current turn.</summary>
internal sealed class CurrentTurn(QueuedTurn queued, TurnHold hold, IActorRef actor)
{
    public QueuedTurn Queued => queued;

    public TurnHold Hold => hold;

    public IActorRef Actor => actor;

    /// <summary>The turn's phase, as last reported by its actor.</summary>
    public TurnPhase Phase { get; set; }

    /// <summary>Whether its tools can be changed.</summary>
    public bool ServesTools
    {
        get => field && !Phase.IsEnding();
        private set;
    }

    public void Note(TurnProtocol.IReport report)
    {
        switch (report)
        {
            case TurnProtocol.PhaseChanged changed:
                Phase = changed.Phase;
                break;
            case TurnProtocol.ToolsOpened:
                ServesTools = true;
                break;
        }
    }

    /// <summary>Hands an answer to the turn that it is for, which replies to its sender.</summary>
    /// <param name="turn">The agent's turn; null for none.</param>
    /// <param name="command">The answer.</param>
    /// <param name="sender">Who answers.</param>
    public static void Pass(CurrentTurn? turn, AgentProtocol.AnswerApproval command, IActorRef sender)
    {
        if (turn?.Queued.TurnId == command.TurnId)
        {
            turn.Actor.Tell(new AnswerQuestion(command.Id, command.Answer, command.By), sender);
        }
        else
        {
            sender.Tell(new ApprovalReceipt(ApprovalOutcome.NotAtHand));
        }
    }

    /// <summary>Hands an addition to the turn that it is for, which replies to its sender.</summary>
    /// <param name="turn">The agent's turn; null for none.</param>
    /// <param name="queue">The turns that wait.</param>
    /// <param name="command">The addition.</param>
    /// <param name="sender">Who adds.</param>
    public static void Pass(CurrentTurn? turn, TurnQueue queue, AgentProtocol.SteerTurn command, IActorRef sender)
    {
        if (turn is not { } current || current.Queued.TurnId != command.TurnId)
        {
            var waits = queue.Turns.Any(queued => queued.TurnId == command.TurnId);
            sender.Tell(new CodexBackendProtocol.SteerAnswered(waits ? SteerOutcome.NotRunning : SteerOutcome.NotAtHand));
        }
        else if (command.Submitter != Submitter.Owner && current.Queued.Turn.Submitter == Submitter.Owner)
        {
            // Its words would be obeyed where its sender may not work.
            sender.Tell(new CodexBackendProtocol.SteerAnswered(SteerOutcome.NotAllowed));
        }
        else
        {
            current.Actor.Tell(new TurnProtocol.Steer(command.Text, command.By), sender);
        }
    }

    public CancelOutcome Cancel(bool force)
    {
        actor.Tell(new TurnProtocol.Cancel(force));
        return Phase.IsEnding() ? CancelOutcome.Ending
            : force ? CancelOutcome.Killed
            : CancelOutcome.Stopping;
    }
}
