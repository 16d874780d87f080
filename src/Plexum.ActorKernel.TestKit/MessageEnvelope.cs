using Akka.Actor;

namespace Akka.TestKit;

/// <summary>A message that a test actor took in, with its sender.</summary>
public abstract class MessageEnvelope
{
    /// <summary>The message.</summary>
    /// <exception cref="IllegalActorStateException">This is a <see cref="NullMessageEnvelope"/>.</exception>
    public abstract object Message { get; }

    /// <summary>Who sent it.</summary>
    /// <exception cref="IllegalActorStateException">This is a <see cref="NullMessageEnvelope"/>.</exception>
    public abstract IActorRef Sender { get; }
}

/// <summary>Stands for "no message came".</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    /// <summary>The only one.</summary>
    public static readonly NullMessageEnvelope Instance = new();

    private NullMessageEnvelope()
    {
    }

    /// <inheritdoc />
    public override object Message => throw NothingReceived();

    /// <inheritdoc />
    public override IActorRef Sender => throw NothingReceived();

    /// <inheritdoc />
    public override string ToString() => "<null>";

    private static IllegalActorStateException NothingReceived() => new("last receive did not dequeue a message");
}

/// <summary>A message that came.</summary>
public class RealMessageEnvelope : MessageEnvelope
{
    /// <summary>Puts a message and its sender together.</summary>
    public RealMessageEnvelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <inheritdoc />
    public override object Message { get; }

    /// <inheritdoc />
    public override IActorRef Sender { get; }

    /// <inheritdoc />
    public override string ToString() => $"<{Message}> from {Sender?.ToString() ?? "NoSender"}";
}
