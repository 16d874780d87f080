using Akka.Actor;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Admission;

/// <summary>The slot that an agent's turn needs. It is requested anew for each turn, so that no agent keeps the others waiting.</summary>
internal sealed class SlotLease(AgentId agent, IActorRef? admission, ITimerScheduler timers)
{
    private const string Timer = "slot";
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    private long _request;
    private bool _waits;
    private bool _holds;

    /// <summary>Whether turns need slots at all.</summary>
    public bool IsNeeded => admission is not null;

    /// <summary>Requests a slot, and repeats the request until the slot is granted or given up.</summary>
    public void Request()
    {
        _request++;
        _waits = true;
        AskAgain();
        timers.StartPeriodicTimer(Timer, AskForSlotAgain.Instance, AskAgainAfter);
    }

    public void AskAgain() => admission!.Tell(new AdmissionProtocol.RequestSlot(agent, _request));

    /// <summary>Takes a granted slot; false if it belongs to an earlier request that was given up.</summary>
    public bool TryTake(AdmissionProtocol.SlotGranted granted)
    {
        if (!_waits || granted.Request != _request)
        {
            return false;
        }

        (_waits, _holds) = (false, true);
        timers.Cancel(Timer);
        return true;
    }

    /// <summary>Takes a slot without a request, for a turn whose codex already started.</summary>
    public void Occupy()
    {
        _holds = admission is not null;
        admission?.Tell(new AdmissionProtocol.OccupySlot(agent));
    }

    public void Return()
    {
        if (_holds || _waits)
        {
            (_waits, _holds) = (false, false);
            timers.Cancel(Timer);
            admission!.Tell(AdmissionProtocol.ReleaseSlot.Instance);
        }
    }
}

/// <summary>It is time to repeat the request for the slot.</summary>
internal sealed record AskForSlotAgain
{
    public static AskForSlotAgain Instance { get; } = new();
}
