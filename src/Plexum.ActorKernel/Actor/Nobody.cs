using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The reference of an actor that does not exist. What is told to it vanishes.</summary>
public sealed class Nobody : IInternalActorRef
{
    private static readonly ActorPath NobodyPath = ActorPath.OfRoot(new Address("akka", "all-systems")) / "Nobody";

    /// <summary>The only one.</summary>
    public static readonly Nobody Instance = new();

    private Nobody()
    {
    }

    /// <inheritdoc />
    public ActorPath Path => NobodyPath;

    IInternalActorRef IInternalActorRef.Parent => this;

    ActorSystem? IInternalActorRef.System => null;

    bool IInternalActorRef.IsTerminated => true;

    /// <inheritdoc />
    public void Tell(object message, IActorRef? sender)
    {
    }

    void IInternalActorRef.SendSystemMessage(SystemMessage message)
    {
    }

    bool IEquatable<IActorRef>.Equals(IActorRef? other) => ReferenceEquals(this, other);

    int IComparable<IActorRef>.CompareTo(IActorRef? other) => other is null ? 1 : Path.CompareTo(other.Path);

    int IComparable.CompareTo(object? obj) => ((IComparable<IActorRef>)this).CompareTo(obj as IActorRef);
}
