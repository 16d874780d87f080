using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>
/// A message of the runtime to an actor's cell. It goes before all user messages and is never dropped while the cell
/// lives. It is a link of its receiver's list: the same object must never be sent twice.
/// </summary>
internal abstract class SystemMessage
{
    public SystemMessage? Next;

    /// <summary>Kept back while the actor has failed and waits for its supervisor.</summary>
    public virtual bool WaitsWhileSuspended => false;

    /// <summary>Kept back while the actor waits for its children to stop.</summary>
    public virtual bool WaitsForChildren => false;
}

internal sealed class Create : SystemMessage;

internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause => cause;

    public override bool WaitsForChildren => true;
}

internal sealed class Suspend : SystemMessage
{
    public override bool WaitsForChildren => true;
}

internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure => causedByFailure;

    public override bool WaitsForChildren => true;
}

internal sealed class Terminate : SystemMessage;

internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee => watchee;

    public IInternalActorRef Watcher => watcher;
}

internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee => watchee;

    public IInternalActorRef Watcher => watcher;
}

internal sealed class Failed(IInternalActorRef child, Exception cause, long uid) : SystemMessage
{
    public IInternalActorRef Child => child;

    public Exception Cause => cause;

    public long Uid => uid;

    public override bool WaitsWhileSuspended => true;

    public override bool WaitsForChildren => true;
}

internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed) : SystemMessage
{
    public IActorRef Actor => actor;

    public bool ExistenceConfirmed => existenceConfirmed;
}

/// <summary>A continuation that belongs to an actor, or the failure of its asynchronous handler.</summary>
internal sealed class ActorTask(Task? task, Exception? failure, object? message) : SystemMessage
{
    public Task? Task => task;

    public Exception? Failure => failure;

    public object? Message => message;
}
