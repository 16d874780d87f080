using Akka.Actor;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Admission;

/// <summary>The slot that an agent's turn needs. It is requested anew for each turn, so that no agent keeps the others waiting.</summary>
/// <param name="agent">The agent.</param>
/// <param name="admission">Grants the slots; null if turns need none.</param>
/// <param name="timers">The agent's timers.</param>
/// <param name="lateAfter">After how long without a slot <see cref="SlotIsLate"/> comes; null for never.</param>
internal sealed class SlotLease(AgentId agent, IActorRef? admission, ITimerScheduler timers, TimeSpan? lateAfter)
{
    private const string Timer = "slot";
    private const string LateTimer = "slot-late";
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
        Watch();
    }

    /// <summary>Measures anew how long the slot takes, for another turn that waits for it.</summary>
    public void Watch()
    {
        if (lateAfter is { } late)
        {
            timers.StartSingleTimer(LateTimer, SlotIsLate.Instance, late);
        }
    }

    /// <summary>Asks where the agent stands, to tell who waits. The answer is <see cref="AdmissionProtocol.Place"/>.</summary>
    public void AskWhy() => admission!.Tell(AdmissionProtocol.GetPlace.Instance);

    public void AskAgain() => admission!.Tell(new AdmissionProtocol.RequestSlot(agent, _request));

    /// <summary>Takes a granted slot; false if it belongs to an earlier request that was given up.</summary>
    public bool TryTake(AdmissionProtocol.SlotGranted granted)
    {
        if (!_waits || granted.Request != _request)
        {
            return false;
        }

        (_waits, _holds) = (false, true);
        StopAsking();
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
            StopAsking();
            admission!.Tell(AdmissionProtocol.ReleaseSlot.Instance);
        }
    }

    private void StopAsking()
    {
        timers.Cancel(Timer);
        timers.Cancel(LateTimer);
    }
}

/// <summary>It is time to repeat the request for the slot.</summary>
internal sealed record AskForSlotAgain
{
    public static AskForSlotAgain Instance { get; } = new();
}

/// <summary>The slot has not been granted for a while.</summary>
internal sealed record SlotIsLate
{
    public static SlotIsLate Instance { get; } = new();
}
