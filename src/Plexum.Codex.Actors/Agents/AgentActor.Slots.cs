using Akka.Actor;
using Plexum.Codex.Admission;

namespace Plexum.Codex.Agents;

/// <summary>The slot that the agent's codex needs. It is asked for anew for each turn, so that agents take turns.</summary>
public sealed partial class AgentActor
{
    private const string SlotTimer = "slot";
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    private long _slotRequest;
    private bool _holdsSlot;

    private void WaitingForSlot()
    {
        Receive<AdmissionProtocol.SlotGranted>(_ => OnSlot(), granted => granted.Request == _slotRequest);
        Receive<AskForSlotAgain>(_ => AskForSlot());
        Always();
    }

    private void RequestSlot()
    {
        _slotRequest++;
        Enter(AgentPhase.WaitingForSlot, WaitingForSlot);
        AskForSlot();
        Timers.StartPeriodicTimer(SlotTimer, AskForSlotAgain.Instance, AskAgainAfter);
    }

    private void AskForSlot() => _environment.Admission!.Tell(new AdmissionProtocol.RequestSlot(_id, _slotRequest));

    private void OnSlot()
    {
        _holdsSlot = true;
        Timers.Cancel(SlotTimer);
        if (_queue.Head is QueuedTurn next)
        {
            _queue.TryTake(out _);
            Prepare(next);
        }
        else
        {
            StartNext();
        }
    }

    // For a codex that runs already: the agent does not ask.
    private void OccupySlot()
    {
        _holdsSlot = _environment.Admission is not null;
        _environment.Admission?.Tell(new AdmissionProtocol.OccupySlot(_id));
    }

    private void ReturnSlot()
    {
        if (_holdsSlot || _phase == AgentPhase.WaitingForSlot)
        {
            _holdsSlot = false;
            Timers.Cancel(SlotTimer);
            _environment.Admission!.Tell(AdmissionProtocol.ReleaseSlot.Instance);
        }
    }

    private sealed record AskForSlotAgain
    {
        public static AskForSlotAgain Instance { get; } = new();
    }
}
