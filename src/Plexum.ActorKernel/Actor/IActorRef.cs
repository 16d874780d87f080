using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Something a message can be told to.</summary>
public interface ICanTell
{
    /// <summary>Puts <paramref name="message"/> into the receiver's mailbox and returns at once.</summary>
    /// <exception cref="InvalidMessageException">The message is null.</exception>
    void Tell(object message, IActorRef? sender);
}

/// <summary>
/// The handle of one incarnation of an actor. It can be shared between threads and stays valid, though unanswered,
/// after the actor has stopped. Two references are equal when path and incarnation are.
/// </summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where the actor stands in the tree, with the number of its incarnation.</summary>
    ActorPath Path { get; }
}

/// <summary>What the runtime itself needs of every reference.</summary>
internal interface IInternalActorRef : IActorRef
{
    IInternalActorRef Parent { get; }

    ActorSystem? System { get; }

    bool IsTerminated { get; }

    void SendSystemMessage(SystemMessage message);
}
