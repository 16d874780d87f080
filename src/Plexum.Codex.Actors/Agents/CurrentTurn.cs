using Akka.Actor;
using Plexum.Codex.Turns;

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

    public CancelOutcome Cancel(bool force)
    {
        actor.Tell(new TurnProtocol.Cancel(force));
        return Phase.IsEnding() ? CancelOutcome.Ending
            : force ? CancelOutcome.Killed
            : CancelOutcome.Stopping;
    }
}
