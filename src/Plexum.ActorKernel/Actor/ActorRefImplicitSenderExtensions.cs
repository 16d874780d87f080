namespace Akka.Actor;

/// <summary>Sending in the name of the actor at hand.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Tells a message; the sender is the actor that this thread runs, if it runs one.</summary>
    public static void Tell(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.CurrentSelfOrNoSender);

    /// <summary>Passes a message on with the sender that it came with.</summary>
    public static void Forward(this IActorRef receiver, object message) => receiver.Tell(message, ActorCell.CurrentSenderOrNoSender);
}
