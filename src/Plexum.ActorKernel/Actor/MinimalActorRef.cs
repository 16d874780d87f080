using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>A reference without an actor behind it: everything is ignored unless a subclass listens.</summary>
internal abstract class MinimalActorRef : ActorRefBase
{
    public override IInternalActorRef Parent => Nobody.Instance;

    public override bool IsTerminated => false;

    public override void SendSystemMessage(SystemMessage message)
    {
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
    }
}
