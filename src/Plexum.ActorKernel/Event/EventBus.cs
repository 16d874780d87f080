using System.Collections.Concurrent;

namespace Akka.Event;

/// <summary>
/// Hands published events to whoever subscribed to a classifier that fits. Subscribing takes a lock; publishing to a
/// class of events that was seen before is one look-up.
/// </summary>
/// <typeparam name="TEvent">What is published.</typeparam>
/// <typeparam name="TClassifier">What is subscribed to.</typeparam>
/// <typeparam name="TSubscriber">Who subscribes.</typeparam>
public abstract class EventBus<TEvent, TClassifier, TSubscriber>
    where TClassifier : notnull
    where TSubscriber : notnull
{
    private readonly Dictionary<TClassifier, List<Entry>> _entries = [];
    private volatile ConcurrentDictionary<TClassifier, TSubscriber[]> _receivers = new();

    /// <summary>Subscribes to all events that fit <paramref name="classifier"/>.</summary>
    /// <returns>False when the subscriber had subscribed to it before.</returns>
    public virtual bool Subscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_entries)
        {
            if (!_entries.TryGetValue(classifier, out var entries))
            {
                _entries.Add(classifier, entries = []);
            }
            else if (entries.Exists(e => e.Subscriber.Equals(subscriber)))
            {
                return false;
            }

            entries.Add(new Entry(subscriber));
            _receivers = new();
            return true;
        }
    }

    /// <summary>Ends all subscriptions of <paramref name="subscriber"/>.</summary>
    /// <returns>False when there were none.</returns>
    public virtual bool Unsubscribe(TSubscriber subscriber)
    {
        lock (_entries)
        {
            var removed = 0;
            foreach (var entries in _entries.Values)
            {
                removed += entries.RemoveAll(e => e.Subscriber.Equals(subscriber));
            }

            _receivers = new();
            return removed > 0;
        }
    }

    /// <summary>
    /// Ends one subscription. When nobody ever subscribed to exactly <paramref name="classifier"/>, those events are
    /// taken out of the subscriber's wider subscriptions instead.
    /// </summary>
    /// <returns>False when nothing changed.</returns>
    public virtual bool Unsubscribe(TSubscriber subscriber, TClassifier classifier)
    {
        lock (_entries)
        {
            var changed = 0;
            if (_entries.TryGetValue(classifier, out var exact))
            {
                changed = exact.RemoveAll(e => e.Subscriber.Equals(subscriber));
            }
            else
            {
                foreach (var (wider, entries) in _entries)
                {
                    if (IsSubClassification(wider, classifier) && entries.Find(e => e.Subscriber.Equals(subscriber)) is { } entry)
                    {
                        entry.Exceptions.Add(classifier);
                        changed++;
                    }
                }
            }

            _receivers = new();
            return changed > 0;
        }
    }

    /// <summary>Hands <paramref name="event"/> to each subscriber whose classifier fits, once.</summary>
    public virtual void Publish(TEvent @event)
    {
        var classifier = GetClassifier(@event);
        if (!_receivers.TryGetValue(classifier, out var receivers))
        {
            receivers = FindReceivers(@event, classifier);
        }

        foreach (var receiver in receivers)
        {
            Publish(@event, receiver);
        }
    }

    /// <summary>Whether every event of <paramref name="child"/> is also one of <paramref name="parent"/>.</summary>
    protected abstract bool IsSubClassification(TClassifier parent, TClassifier child);

    /// <summary>Hands an event to one subscriber.</summary>
    protected abstract void Publish(TEvent @event, TSubscriber subscriber);

    /// <summary>Whether an event is one of <paramref name="classifier"/>.</summary>
    protected abstract bool Classify(TEvent @event, TClassifier classifier);

    /// <summary>The narrowest classifier of an event.</summary>
    protected abstract TClassifier GetClassifier(TEvent @event);

    private protected bool HasSubscription(TSubscriber subscriber)
    {
        lock (_entries)
        {
            foreach (var entries in _entries.Values)
            {
                if (entries.Exists(e => e.Subscriber.Equals(subscriber)))
                {
                    return true;
                }
            }

            return false;
        }
    }

    private TSubscriber[] FindReceivers(TEvent @event, TClassifier classifier)
    {
        lock (_entries)
        {
            var found = new List<TSubscriber>();
            foreach (var (wider, entries) in _entries)
            {
                if (entries.Count > 0 && Classify(@event, wider))
                {
                    found.AddRange(entries
                        .Where(e => !e.Exceptions.Exists(x => IsSubClassification(x, classifier)))
                        .Select(e => e.Subscriber)
                        .Where(s => !found.Contains(s)));
                }
            }

            return _receivers[classifier] = [.. found];
        }
    }

    private sealed class Entry(TSubscriber subscriber)
    {
        public TSubscriber Subscriber { get; } = subscriber;

        public List<TClassifier> Exceptions { get; } = [];
    }
}
