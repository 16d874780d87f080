namespace Akka.Actor;

/// <summary>Handles a message; false means that the message was not for it.</summary>
public delegate bool Receive(object message);

/// <summary>Handles every message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Something that can watch actors stop.</summary>
public interface ICanWatch
{
    /// <summary>Asks for one <see cref="Terminated"/> when <paramref name="subject"/> stops, or at once when it has.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>Like <see cref="Watch"/>, with <paramref name="message"/> instead of <see cref="Terminated"/>.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>Ends the watch; a <see cref="Terminated"/> that is already in the mailbox is dropped.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor sees of the runtime. Valid only inside the actor.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>The actor's own reference.</summary>
    IActorRef Self { get; }

    /// <summary>What the actor was created from.</summary>
    Props Props { get; }

    /// <summary>Who sent the message at hand; the dead letters when nobody did.</summary>
    IActorRef Sender { get; }

    /// <summary>The system.</summary>
    ActorSystem System { get; }

    /// <summary>The actor's parent and supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>The receive timeout in force, or null.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Replaces the behaviour.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top of the one at hand.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Goes back to the behaviour below; the last one stays.</summary>
    void UnbecomeStacked();

    /// <summary>The child of that name, or <see cref="Nobody"/>.</summary>
    IActorRef Child(string name);

    /// <summary>The children as they are now.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Has <see cref="Actor.ReceiveTimeout"/> sent after so long without a message; null ends that.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops a child, or the actor itself, after the message that it is processing.</summary>
    void Stop(IActorRef child);
}

/// <summary>The context of an <see cref="UntypedActor"/>.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Replaces the behaviour.</summary>
    void Become(UntypedReceive receive);

    /// <summary>Puts a behaviour on top of the one at hand.</summary>
    void BecomeStacked(UntypedReceive receive);
}
