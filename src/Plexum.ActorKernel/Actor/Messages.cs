using Akka.Event;

namespace Akka.Actor;

/// <summary>The runtime acts on the message itself; the actor's handlers do not see it first.</summary>
public interface IAutoReceivedMessage
{
}

/// <summary>A message that does harm when it comes from outside.</summary>
public interface IPossiblyHarmful
{
}

/// <summary>A message that does not reset the receive timeout.</summary>
public interface INotInfluenceReceiveTimeout
{
}

/// <summary>Stops its receiver when its turn in the mailbox comes.</summary>
public sealed class PoisonPill : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    private PoisonPill()
    {
    }

    /// <summary>The only one.</summary>
    public static PoisonPill Instance { get; } = new();

    /// <inheritdoc />
    public override string ToString() => "<PoisonPill>";
}

/// <summary>Makes its receiver fail with <see cref="ActorKilledException"/> when its turn in the mailbox comes.</summary>
public sealed class Kill : IAutoReceivedMessage, IPossiblyHarmful
{
    private Kill()
    {
    }

    /// <summary>The only one.</summary>
    public static Kill Instance { get; } = new();

    /// <inheritdoc />
    public override string ToString() => "<Kill>";
}

/// <summary>A watched actor has stopped.</summary>
public sealed class Terminated : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression, IEquatable<Terminated>
{
    /// <summary>Creates it for the actor that stopped.</summary>
    public Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    /// <summary>The actor that stopped.</summary>
    public IActorRef ActorRef { get; }

    /// <summary>Whether the whole system of the actor is gone. Always false within one system.</summary>
    public bool AddressTerminated { get; }

    /// <summary>False when the actor had already stopped before the watch reached it.</summary>
    public bool ExistenceConfirmed { get; }

    /// <inheritdoc />
    public bool Equals(Terminated? other) =>
        other is not null && ActorRef.Equals(other.ActorRef)
        && AddressTerminated == other.AddressTerminated && ExistenceConfirmed == other.ExistenceConfirmed;

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as Terminated);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(ActorRef, AddressTerminated, ExistenceConfirmed);

    /// <inheritdoc />
    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}

/// <summary>No message has come for as long as <see cref="IActorContext.SetReceiveTimeout"/> said.</summary>
public sealed class ReceiveTimeout : IPossiblyHarmful
{
    private ReceiveTimeout()
    {
    }

    /// <summary>The only one.</summary>
    public static ReceiveTimeout Instance { get; } = new();
}

/// <summary>The outcome of something, as a message. <see cref="Failure"/> makes an Ask fail.</summary>
public abstract class Status
{
    /// <summary>It went well.</summary>
    public sealed class Success : Status
    {
        /// <summary>Success without a value.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>The value, or null.</summary>
        public readonly object? Status;

        /// <summary>Creates it with the value that it carries.</summary>
        public Success(object? status)
        {
            Status = status;
        }

        /// <inheritdoc />
        public override string ToString() => $"Success: {Status ?? "null"}";
    }

    /// <summary>It failed.</summary>
    public sealed class Failure : Status
    {
        /// <summary>Why.</summary>
        public readonly Exception Cause;

        /// <summary>What the sender knew, or null.</summary>
        public readonly object? State;

        /// <summary>Creates it with its cause.</summary>
        public Failure(Exception cause)
        {
            Cause = cause;
        }

        /// <summary>Creates it with its cause and what the sender knew.</summary>
        public Failure(Exception cause, object? state)
        {
            Cause = cause;
            State = state;
        }

        /// <inheritdoc />
        public override string ToString() => State is null ? $"Failure: {Cause}" : $"Failure[state={State}]: {Cause}";
    }
}

/// <summary>A message around another one.</summary>
public interface IWrappedMessage
{
    /// <summary>The message inside.</summary>
    object Message { get; }
}
