using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Equality, order and the null check that all references share.</summary>
internal abstract class ActorRefBase : IInternalActorRef
{
    public abstract ActorPath Path { get; }

    public abstract IInternalActorRef Parent { get; }

    public abstract ActorSystem? System { get; }

    public abstract bool IsTerminated { get; }

    public abstract void SendSystemMessage(SystemMessage message);

    public void Tell(object message, IActorRef? sender)
    {
        if (message is null)
        {
            throw new InvalidMessageException($"A message to [{Path}] is null; actors cannot receive null, send an object that says so.");
        }

        TellInternal(message, sender);
    }

    protected abstract void TellInternal(object message, IActorRef? sender);

    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Path.Uid, Path.Name.GetHashCode(StringComparison.Ordinal));

    public int CompareTo(IActorRef? other)
    {
        if (other is null)
        {
            return 1;
        }

        var byPath = Path.CompareTo(other.Path);
        return byPath != 0 ? byPath : Path.Uid.CompareTo(other.Path.Uid);
    }

    public int CompareTo(object? obj) => obj switch
    {
        null => 1,
        IActorRef other => CompareTo(other),
        _ => throw new ArgumentException($"An actor reference cannot be compared with a {obj.GetType()}.", nameof(obj)),
    };

    public override string ToString() => $"[{Path.ToStringWithUid()}]";
}
