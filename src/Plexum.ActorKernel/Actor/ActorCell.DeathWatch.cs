using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Whom the actor watches, and who watches it.</summary>
internal sealed partial class ActorCell
{
    private WatchState? _watches;

    public IActorRef Watch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return StartWatching(subject, message: null);
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(message);
        return StartWatching(subject, message);
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (_watches is { } watches)
        {
            if (watches.Watching.Remove(subject))
            {
                var watchee = (IInternalActorRef)subject;
                watchee.SendSystemMessage(new Unwatch(watchee, _self));
            }

            watches.Queued.Remove(subject);
        }

        return subject;
    }

    private IActorRef StartWatching(IActorRef subject, object? message)
    {
        if (!subject.Equals(_self) && (_watches ??= new WatchState()).Watching.TryAdd(subject, message))
        {
            var watchee = (IInternalActorRef)subject;
            watchee.SendSystemMessage(new Watch(watchee, _self));
        }

        return subject;
    }

    private void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed)
    {
        if (_watches is { } watches && watches.Watching.Remove(actor, out var message)
            && _children is not { Reason: TerminationReason.Termination })
        {
            _self.Tell(new Terminated(actor, existenceConfirmed, addressTerminated: false), actor);
            watches.Queued[actor] = message;
        }

        if (_children is { } children && children.Contains(actor))
        {
            ChildTerminated(actor);
        }
    }

    private void TerminatedIsQueued(IActorRef subject, object? message) =>
        (_watches ??= new WatchState()).Queued[subject] = message;

    // Only a notice that is still wanted is handed on: Unwatch takes it back even from the mailbox.
    private void ReceiveTerminated(Terminated terminated)
    {
        if (_watches is not { } watches || !watches.Queued.Remove(terminated.ActorRef, out var message))
        {
            return;
        }

        if (message is not null)
        {
            CurrentMessage = message;
        }

        _actor!.AroundReceive(CurrentBehavior, message ?? terminated);
    }

    private void AddWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (ReferenceEquals(watchee, _self))
        {
            (_watches ??= new WatchState()).WatchedBy.Add(watcher);
        }
        else
        {
            Watch(watchee);
        }
    }

    private void RemoveWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (ReferenceEquals(watchee, _self))
        {
            _watches?.WatchedBy.Remove(watcher);
        }
        else
        {
            Unwatch(watchee);
        }
    }

    private void TellWatchers()
    {
        foreach (var watcher in _watches?.WatchedBy ?? [])
        {
            // The parent has been told already, as a parent.
            if (!watcher.Equals(_parent))
            {
                watcher.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true));
            }
        }

        _watches?.WatchedBy.Clear();
    }

    private void UnwatchAll()
    {
        if (_watches is not { } watches)
        {
            return;
        }

        foreach (var subject in watches.Watching.Keys)
        {
            var watchee = (IInternalActorRef)subject;
            watchee.SendSystemMessage(new Unwatch(watchee, _self));
        }

        watches.Watching.Clear();
        watches.Queued.Clear();
    }

    /// <summary>Made for the few actors that watch or are watched.</summary>
    private sealed class WatchState
    {
        /// <summary>Whom the actor watches, with the message it wants instead of Terminated, if any.</summary>
        public Dictionary<IActorRef, object?> Watching { get; } = [];

        /// <summary>Whose notice is in the mailbox.</summary>
        public Dictionary<IActorRef, object?> Queued { get; } = [];

        public HashSet<IInternalActorRef> WatchedBy { get; } = [];
    }
}
