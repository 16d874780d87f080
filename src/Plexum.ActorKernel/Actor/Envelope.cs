namespace Akka.Actor;

/// <summary>A message with its sender, as it stands in a mailbox.</summary>
public readonly struct Envelope
{
    /// <summary>Puts a message and its sender together.</summary>
    public Envelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <summary>The message.</summary>
    public object Message { get; }

    /// <summary>Who sent it; null when nobody did.</summary>
    public IActorRef Sender { get; }

    /// <inheritdoc />
    public override string ToString() => $"<{Message}> from {(Sender is null ? "NoSender" : Sender.ToString())}";
}
