using Akka.Actor;

namespace Akka.Event;

/// <summary>A message that no actor handled, published on the event stream.</summary>
public abstract class AllDeadLetters : IWrappedMessage
{
    /// <summary>Creates the event.</summary>
    protected AllDeadLetters(object message, IActorRef sender, IActorRef recipient)
    {
        Message = message;
        Sender = sender;
        Recipient = recipient;
    }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>Who sent it.</summary>
    public IActorRef Sender { get; }

    /// <summary>For whom it was.</summary>
    public IActorRef Recipient { get; }

    /// <inheritdoc/>
    public override string ToString() => $"DeadLetter from {Sender} to {Recipient}: <{Message}>";
}

/// <summary>A message whose recipient does not exist or has stopped.</summary>
public sealed class DeadLetter : AllDeadLetters
{
    /// <summary>Creates the event.</summary>
    /// <exception cref="ArgumentNullException">There is no sender or no recipient.</exception>
    public DeadLetter(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(recipient);
    }
}

/// <summary>As <see cref="DeadLetter"/>, for a message that is marked with <see cref="IDeadLetterSuppression"/>.</summary>
public sealed class SuppressedDeadLetter : AllDeadLetters
{
    /// <summary>Creates the event.</summary>
    /// <exception cref="ArgumentNullException">There is no sender or no recipient.</exception>
    public SuppressedDeadLetter(IDeadLetterSuppression message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
        ArgumentNullException.ThrowIfNull(sender);
        ArgumentNullException.ThrowIfNull(recipient);
    }
}

/// <summary>A message that was dropped on purpose, for instance for want of room.</summary>
public sealed class Dropped : AllDeadLetters
{
    /// <summary>Creates the event for a message with a sender.</summary>
    public Dropped(object message, string reason, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient) => Reason = reason;

    /// <summary>Creates the event for a message without a sender.</summary>
    public Dropped(object message, string reason, IActorRef recipient)
        : this(message, reason, ActorRefs.NoSender!, recipient)
    {
    }

    /// <summary>Why it was dropped.</summary>
    public string Reason { get; }
}

/// <summary>A message that its recipient got and did not handle.</summary>
public sealed class UnhandledMessage : AllDeadLetters
{
    /// <summary>Creates the event.</summary>
    public UnhandledMessage(object message, IActorRef sender, IActorRef recipient)
        : base(message, sender, recipient)
    {
    }
}
