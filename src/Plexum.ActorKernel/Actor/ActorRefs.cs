namespace Akka.Actor;

/// <summary>The references that are always there.</summary>
public static class ActorRefs
{
    /// <summary>Stands for an actor that does not exist; messages to it vanish.</summary>
    public static readonly Nobody Nobody = Nobody.Instance;

    /// <summary>No sender: the receiver sees the dead letters as its sender.</summary>
    public static readonly IActorRef NoSender = null!;
}
