using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Where undeliverable messages go: each is published on the event stream.</summary>
internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : MinimalActorRef
{
    public override ActorPath Path => path;

    public override ActorSystem System => system;

    public override void SendSystemMessage(SystemMessage message)
    {
        if (message is Watch watch && !watch.Watcher.Equals(this))
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false));
        }
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        var letter = message as DeadLetter ?? new DeadLetter(message, sender ?? this, this);
        if (letter.Message is Identify identify)
        {
            (sender ?? this).Tell(new ActorIdentity(identify.MessageId, null!), this);
        }
        else if (letter.Message is IDeadLetterSuppression suppressed)
        {
            system.EventStream.Publish(new SuppressedDeadLetter(suppressed, letter.Sender, letter.Recipient));
        }
        else
        {
            system.EventStream.Publish(letter);
        }
    }
}
