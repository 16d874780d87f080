using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Event;

/// <summary>
/// The actor system's own bus: any object can be published, actors subscribe to a type and get everything of that type,
/// its subtypes and, for an interface, its implementations. A subscriber that stops is dropped.
/// </summary>
public class EventStream : LoggingBus
{
    private readonly bool _debug;
    private readonly Lock _gate = new();
    private readonly HashSet<IActorRef> _beforeStart = [];
    private FunctionRef? _unsubscriber;

    /// <summary>Logs dead letters while the system runs.</summary>
    internal IActorRef? DeadLetterListener { get; set; }

    /// <summary>Creates a stream.</summary>
    /// <param name="debug">Whether every change of a subscription is logged.</param>
    public EventStream(bool debug) => _debug = debug;

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">There is no subscriber or no channel.</exception>
    public override bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        var added = base.Subscribe(subscriber, channel);
        WatchSubscriber(subscriber);
        Trace("subscribing {0} to channel {1}", subscriber, channel);
        return added;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">There is no subscriber or no channel.</exception>
    public override bool Unsubscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        ArgumentNullException.ThrowIfNull(channel);
        Trace("unsubscribing {0} from channel {1}", subscriber, channel);
        var removed = base.Unsubscribe(subscriber, channel);
        UnwatchSubscriber(subscriber);
        return removed;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">There is no subscriber.</exception>
    public override bool Unsubscribe(IActorRef subscriber)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        Trace("unsubscribing {0} from {1}", subscriber, "all channels");
        var removed = base.Unsubscribe(subscriber);
        UnwatchSubscriber(subscriber);
        return removed;
    }

    /// <summary>From now on, subscribers that stop are dropped; also those that subscribed before.</summary>
    internal void StartUnsubscriber(ActorSystemImpl system)
    {
        lock (_gate)
        {
            _unsubscriber ??= new FunctionRef(system, (_, message) =>
            {
                if (message is Terminated terminated)
                {
                    base.Unsubscribe(terminated.ActorRef);
                }
            });
            foreach (var subscriber in _beforeStart)
            {
                _unsubscriber.Watch(subscriber);
            }

            _beforeStart.Clear();
        }
    }

    private void WatchSubscriber(IActorRef subscriber)
    {
        if (subscriber is StandardOutLogger)
        {
            return;
        }

        lock (_gate)
        {
            if (_unsubscriber is null)
            {
                _beforeStart.Add(subscriber);
            }
            else
            {
                _unsubscriber.Watch(subscriber);
            }
        }
    }

    private void UnwatchSubscriber(IActorRef subscriber)
    {
        lock (_gate)
        {
            if (HasSubscription(subscriber))
            {
                return;
            }

            _beforeStart.Remove(subscriber);
            _unsubscriber?.Unwatch(subscriber);
        }
    }

    private void Trace(string format, object subscriber, object channel)
    {
        if (_debug)
        {
            Publish(new Debug(
                nameof(EventStream),
                GetType(),
                new FormattedLogMessage(DefaultLogMessageFormatter.Instance, format, [subscriber, channel])));
        }
    }
}
