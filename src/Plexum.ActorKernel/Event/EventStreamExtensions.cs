using Akka.Actor;

namespace Akka.Event;

/// <summary>Subscribing with the type as a type argument.</summary>
public static class EventStreamExtensions
{
    /// <summary>Subscribes to everything of type <typeparamref name="TChannel"/>.</summary>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Ends the subscription to <typeparamref name="TChannel"/>.</summary>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) =>
        eventStream.Unsubscribe(subscriber, typeof(TChannel));
}
