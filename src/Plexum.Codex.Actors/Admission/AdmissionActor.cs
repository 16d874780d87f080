using Akka.Actor;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Admission;

/// <summary>
/// Owns the slots for codex processes. Agents are served in the order of their requests, and an agent asks again for each of
/// its turns, so one with hundreds of turns waits behind the first turn of every other agent. Parent: the user guardian; no children.
/// Phases: paused, granting, draining. A restart after a failure keeps the phase and the holders and forgets who waits; waiting
/// agents ask again from time to time.
/// </summary>
public sealed class AdmissionActor : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private readonly int _limit;
    private readonly Dictionary<IActorRef, AgentId> _held = [];
    private readonly LinkedList<Place> _waiting = new();
    private readonly Dictionary<IActorRef, LinkedListNode<Place>> _places = [];
    private readonly List<IActorRef> _drainers = [];
    private bool _paused;
    private bool _draining;

    /// <summary>Created by <see cref="Props"/>.</summary>
    /// <param name="limit">How many codex processes may run at once.</param>
    public AdmissionActor(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        _limit = limit;
        Receive<AdmissionProtocol.RequestSlot>(OnRequest);
        Receive<AdmissionProtocol.OccupySlot>(message => Hold(Sender, message.AgentId));
        Receive<AdmissionProtocol.ReleaseSlot>(_ => Release(Sender));
        Receive<Terminated>(gone => Release(gone.ActorRef));
        Receive<AdmissionProtocol.Pause>(_ => Pause());
        Receive<AdmissionProtocol.Resume>(_ => Resume());
        Receive<AdmissionProtocol.Drain>(OnDrain);
        Receive<AdmissionProtocol.GetPlace>(_ =>
            Sender.Tell(new AdmissionProtocol.Place(_limit, _held.Count, NumberOf(Sender), _draining))
        );
        Receive<AdmissionProtocol.GetAdmission>(_ =>
            Sender.Tell(
                new AdmissionProtocol.AdmissionSnapshot(_limit, [.. _held.Values], [.. _waiting.Select(place => place.Id)], _draining)
            )
        );
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <summary>The props of the actor.</summary>
    /// <param name="limit">How many codex processes may run at once, at least 1.</param>
    public static Props Props(int limit) => Akka.Actor.Props.Create(() => new AdmissionActor(limit));

    /// <summary>The next incarnation learns all this before it sees another message: one may be a request, or give a slot back.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
        var pause = _paused ? [new Envelope(AdmissionProtocol.Pause.Instance, Self)] : Array.Empty<Envelope>();
        var holders = _held.Select(held => new Envelope(new AdmissionProtocol.OccupySlot(held.Value), held.Key));
        var drainers = (_draining ? _drainers.DefaultIfEmpty(ActorRefs.Nobody) : []).Select(drainer => new Envelope(
            AdmissionProtocol.Drain.Instance,
            drainer
        ));
        Stash.Prepend([.. pause, .. holders, .. drainers]);
        base.PreRestart(reason, message);
    }

    private void OnRequest(AdmissionProtocol.RequestSlot message)
    {
        if (_held.ContainsKey(Sender))
        {
            Sender.Tell(new AdmissionProtocol.SlotGranted(message.Request));
        }
        else if (!_places.ContainsKey(Sender))
        {
            Context.Watch(Sender);
            _places.Add(Sender, _waiting.AddLast(new Place(Sender, message.AgentId, message.Request)));
            Grant();
        }
    }

    private void Hold(IActorRef agent, AgentId id)
    {
        Leave(agent);
        Context.Watch(agent);
        _held[agent] = id;
    }

    private void Release(IActorRef agent)
    {
        Leave(agent);
        _held.Remove(agent);
        Context.Unwatch(agent);
        Grant();
        TellDrained();
    }

    private void Leave(IActorRef agent)
    {
        if (_places.Remove(agent, out var place))
        {
            _waiting.Remove(place);
        }
    }

    private int NumberOf(IActorRef agent) => _waiting.TakeWhile(place => !place.Agent.Equals(agent)).Count() + 1;

    private void Grant()
    {
        while (!_paused && !_draining && _held.Count < _limit && _waiting.First is { Value: var next })
        {
            Leave(next.Agent);
            _held.Add(next.Agent, next.Id);
            next.Agent.Tell(new AdmissionProtocol.SlotGranted(next.Request));
        }
    }

    // An agent that fails during recovery never reports that it is done; the timer keeps the others from waiting forever.
    private void Pause()
    {
        _paused = true;
        Timers.StartSingleTimer(AdmissionProtocol.Resume.Instance, AdmissionProtocol.Resume.Instance, MaxPause);
    }

    private void Resume()
    {
        _paused = false;
        Timers.CancelAll();
        Grant();
    }

    private void OnDrain(AdmissionProtocol.Drain message)
    {
        _draining = true;
        _drainers.Add(Sender);
        TellDrained();
    }

    private void TellDrained()
    {
        if (!_draining || _held.Count > 0)
        {
            return;
        }

        foreach (var drainer in _drainers)
        {
            drainer.Tell(AdmissionProtocol.Drained.Instance);
        }

        _drainers.Clear();
    }

    private sealed record Place(IActorRef Agent, AgentId Id, long Request);
}
