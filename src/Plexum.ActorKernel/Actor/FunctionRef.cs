using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// A reference whose messages go to a function, on the sender's thread. It can watch and be watched; streams use it to
/// speak with actors.
/// </summary>
internal sealed class FunctionRef(ActorSystemImpl system, Action<IActorRef, object> tell) : MinimalActorRef
{
    private readonly Lock _gate = new();
    private HashSet<IInternalActorRef>? _watchedBy;
    private HashSet<IInternalActorRef>? _watching;
    private bool _stopped;

    public override ActorPath Path { get; } = system.NextTempPath();

    public override ActorSystem System => system;

    public override bool IsTerminated => Volatile.Read(ref _stopped);

    /// <summary>Has <see cref="Terminated"/> brought to the function when <paramref name="subject"/> stops.</summary>
    public void Watch(IActorRef subject)
    {
        var watchee = (IInternalActorRef)subject;
        lock (_gate)
        {
            if (_stopped || !(_watching ??= []).Add(watchee))
            {
                return;
            }
        }

        watchee.SendSystemMessage(new Watch(watchee, this));
    }

    public void Unwatch(IActorRef subject)
    {
        var watchee = (IInternalActorRef)subject;
        lock (_gate)
        {
            if (_watching is null || !_watching.Remove(watchee))
            {
                return;
            }
        }

        watchee.SendSystemMessage(new Unwatch(watchee, this));
    }

    /// <summary>Ends it: who watches it is told, and messages become dead letters.</summary>
    public void Stop()
    {
        IInternalActorRef[] watchers, watched;
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            watchers = [.. _watchedBy ?? []];
            watched = [.. _watching ?? []];
        }

        foreach (var watcher in watchers)
        {
            watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true));
        }

        foreach (var watchee in watched)
        {
            watchee.SendSystemMessage(new Unwatch(watchee, this));
        }
    }

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                AddWatcher(watch.Watcher);
                break;
            case Unwatch unwatch:
                lock (_gate)
                {
                    _watchedBy?.Remove(unwatch.Watcher);
                }

                break;
            case DeathWatchNotification notification:
                ReceiveDeath(notification);
                break;
        }
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (IsTerminated)
        {
            system.DeadLetters.Tell(new DeadLetter(message, sender ?? system.DeadLetters, this), sender);
        }
        else
        {
            tell(sender ?? system.DeadLetters, message);
        }
    }

    private void AddWatcher(IInternalActorRef watcher)
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                (_watchedBy ??= []).Add(watcher);
                return;
            }
        }

        watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: false));
    }

    private void ReceiveDeath(DeathWatchNotification notification)
    {
        lock (_gate)
        {
            if (_watching is null || !_watching.Remove((IInternalActorRef)notification.Actor))
            {
                return;
            }
        }

        tell(notification.Actor, new Terminated(notification.Actor, notification.ExistenceConfirmed, addressTerminated: false));
    }
}
