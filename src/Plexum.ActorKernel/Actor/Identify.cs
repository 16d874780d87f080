namespace Akka.Actor;

/// <summary>Asks any actor for its reference; the runtime answers with <see cref="ActorIdentity"/>.</summary>
public sealed class Identify : IAutoReceivedMessage
{
    /// <summary>Creates it with what the answer shall carry.</summary>
    public Identify(object messageId)
    {
        MessageId = messageId;
    }

    /// <summary>What the answer carries.</summary>
    public object MessageId { get; }

    /// <inheritdoc />
    public override string ToString() => $"<Identify>: {MessageId}";
}

/// <summary>The answer to <see cref="Identify"/>.</summary>
public sealed class ActorIdentity
{
    /// <summary>Creates it for an actor.</summary>
    public ActorIdentity(object messageId, IActorRef subject)
    {
        MessageId = messageId;
        Subject = subject;
    }

    /// <summary>What the question carried.</summary>
    public object MessageId { get; }

    /// <summary>The actor that answered.</summary>
    public IActorRef Subject { get; }

    /// <inheritdoc />
    public override string ToString() => $"<ActorIdentity>: {Subject} - MessageId={MessageId}";
}
