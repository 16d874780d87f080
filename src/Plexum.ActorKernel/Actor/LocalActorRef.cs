using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>The reference of an actor of this system.</summary>
internal sealed class LocalActorRef : ActorRefBase
{
    private readonly ActorCell _cell;

    public LocalActorRef(ActorSystemImpl system, Props props, ActorCell parent, ActorPath path)
        : this(system, props, (IInternalActorRef)parent.Self, path)
    {
    }

    public LocalActorRef(ActorSystemImpl system, Props props, IInternalActorRef parent, ActorPath path)
    {
        Path = path;
        _cell = new ActorCell(system, this, props, parent);
    }

    public override ActorPath Path { get; }

    public override IInternalActorRef Parent => _cell.InternalParent;

    public override ActorSystem System => _cell.System;

    public override bool IsTerminated => _cell.IsTerminated;

    public ActorCell Cell => _cell;

    public void Stop() => _cell.SendSystemMessage(new Terminate());

    public override void SendSystemMessage(SystemMessage message) => _cell.SendSystemMessage(message);

    protected override void TellInternal(object message, IActorRef? sender) => _cell.SendMessage(message, sender);
}
