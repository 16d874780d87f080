using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>An actor whose one handler gets every message.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <summary>The context of the actor that this thread is running.</summary>
    protected static new IUntypedActorContext Context => CurrentCell;

    /// <inheritdoc />
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message; calls <see cref="ActorBase.Unhandled"/> for what it does not know.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(UntypedReceive receive) => Context.Become(receive);

    /// <summary>Puts a behaviour on top of the one at hand.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Context.BecomeStacked(receive);

    /// <summary>Runs <paramref name="action"/> on the actor's own task scheduler; no message is taken until it has ended.</summary>
    protected void RunTask(Action action) => ActorTaskScheduler.RunTask(action);

    /// <summary>Runs an asynchronous action; no message is taken until its task has ended.</summary>
    protected void RunTask(Func<Task> action) => ActorTaskScheduler.RunTask(action);
}
