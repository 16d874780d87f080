using Akka.Actor;
using Plexum.Codex.Admission;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>The slot that an agent's turn needs. It is asked for anew for each turn, so that agents take turns.</summary>
internal sealed class SlotLease(AgentId agent, IActorRef? admission, ITimerScheduler timers)
{
    private const string Timer = "slot";
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(30);

    private long _request;
    private bool _waits;
    private bool _holds;

    /// <summary>Whether turns need a slot at all.</summary>
    public bool IsNeeded => admission is not null;

    /// <summary>Asks for one, and again and again until it is granted or returned.</summary>
    public void Request()
    {
        _request++;
        _waits = true;
        AskAgain();
        timers.StartPeriodicTimer(Timer, AskForSlotAgain.Instance, AskAgainAfter);
    }

    public void AskAgain() => admission!.Tell(new AdmissionProtocol.RequestSlot(agent, _request));

    /// <summary>Takes the slot that was granted; false for one that was asked for earlier and given up.</summary>
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

    /// <summary>For a turn that runs already: the agent does not ask.</summary>
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

/// <summary>Time to ask for the slot once more.</summary>
internal sealed record AskForSlotAgain
{
    public static AskForSlotAgain Instance { get; } = new();
}
