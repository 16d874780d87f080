using Akka.Actor;

namespace Akka.Event;

/// <summary>Logs each unhandled message at debug level: <c>akka.actor.debug.unhandled</c>.</summary>
internal sealed class UnhandledMessageForwarder : ActorBase
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(UnhandledMessage));

    protected override bool Receive(object message)
    {
        if (message is not UnhandledMessage unhandled)
        {
            return false;
        }

        var sender = unhandled.Sender is { } known ? known.Path.ToString() : "NoSender";
        Context.System.EventStream.Publish(new Debug(
            unhandled.Recipient.Path.ToString(),
            unhandled.Recipient.GetType(),
            $"Unhandled message from {sender} : {unhandled.Message}"));
        return true;
    }
}
