using Akka.Event;

namespace Akka.Actor;

/// <summary>The base of all actors. An instance is one incarnation; the runtime creates it and calls it, one call at a time.</summary>
public abstract class ActorBase
{
    // Set when the incarnation has ended, so that what it left running elsewhere can still name it.
    private IActorRef? _selfAfterEnd;

    /// <summary>Called by the runtime only: an actor is created with ActorOf. Timers are there from here on.</summary>
    /// <exception cref="ActorInitializationException">The instance was created with <c>new</c>.</exception>
    protected ActorBase()
    {
        var cell = ActorCell.Current ?? throw new ActorInitializationException(
            $"Do not create {GetType()} with 'new'; use ActorOf(Props) of a context or system.");
        if (this is IWithTimers timed)
        {
            timed.Timers = new TimerScheduler(cell);
        }
    }

    /// <summary>The actor's own reference. To be read on the actor's turn; what runs elsewhere captures it before.</summary>
    /// <exception cref="NotSupportedException">The thread runs no actor.</exception>
    protected IActorRef Self => _selfAfterEnd ?? CurrentCell.Self;

    /// <summary>Who sent the message at hand; the dead letters when nobody did. To be read on the actor's turn.</summary>
    /// <exception cref="NotSupportedException">The thread runs no actor.</exception>
    protected IActorRef Sender => CurrentCell.Sender;

    /// <summary>The context of the actor that this thread is running.</summary>
    /// <exception cref="NotSupportedException">The thread runs no actor, for example behind <c>ConfigureAwait(false)</c>.</exception>
    protected static IActorContext Context => CurrentCell;

    /// <summary>A behaviour that handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = _ => false;

    private protected static ActorCell CurrentCell => ActorCell.Current ?? throw new NotSupportedException(
        "There is no active ActorContext, this is most likely due to use of async operations from within this actor.");

    /// <summary>Handles a message in the actor's first behaviour; false means that it is unhandled.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Runs a behaviour on a message; false means that the message was unhandled.</summary>
    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message))
        {
            return true;
        }

        Unhandled(message);
        return false;
    }

    /// <summary>
    /// Called with a message that no handler took: publishes <see cref="UnhandledMessage"/>, and for
    /// <see cref="Terminated"/> throws <see cref="DeathPactException"/>.
    /// </summary>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }

        CurrentCell.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(Receive receive) => CurrentCell.Become(receive);

    /// <summary>Puts a behaviour on top of the one at hand.</summary>
    protected void BecomeStacked(Receive receive) => CurrentCell.BecomeStacked(receive);

    /// <summary>Goes back to the behaviour below.</summary>
    protected void UnbecomeStacked() => CurrentCell.UnbecomeStacked();

    /// <summary>Has <see cref="ReceiveTimeout"/> sent after so long without a message; null ends that.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => CurrentCell.SetReceiveTimeout(timeout);

    /// <summary>How the actor deals with failures of its children. Called once, when the first child fails.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.DefaultStrategy;

    /// <summary>Called after the constructor, before the first message.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>Called after the last message, when all children have stopped.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>Called on the failed incarnation; by default stops its children and calls <see cref="PostStop"/>.</summary>
    protected virtual void PreRestart(Exception reason, object? message)
    {
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }

        PostStop();
    }

    /// <summary>Called on the new incarnation; by default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>Calls <see cref="PreStart"/>.</summary>
    public virtual void AroundPreStart() => PreStart();

    /// <summary>Ends the timers and calls <see cref="PostStop"/>.</summary>
    public virtual void AroundPostStop()
    {
        CancelTimers();
        PostStop();
    }

    /// <summary>Ends the timers and calls <see cref="PreRestart"/>.</summary>
    public virtual void AroundPreRestart(Exception cause, object? message)
    {
        CancelTimers();
        PreRestart(cause, message);
    }

    /// <summary>Calls <see cref="PostRestart"/>.</summary>
    public virtual void AroundPostRestart(Exception cause, object? message) => PostRestart(cause);

    /// <summary>Called when the constructor has ended.</summary>
    internal virtual void Constructed()
    {
    }

    /// <summary>Called when nothing more comes for this incarnation.</summary>
    internal void Ended(IActorRef self) => _selfAfterEnd = self;

    internal SupervisorStrategy CreateSupervisorStrategy() => CurrentCell.Props.SupervisorStrategy ?? SupervisorStrategy();

    internal bool ReceiveByDefault(object message) => Receive(message);

    private void CancelTimers()
    {
        if (this is IWithTimers { Timers: { } timers })
        {
            timers.CancelAll();
        }
    }
}
