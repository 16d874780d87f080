using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>What a supervisor does with a failed child.</summary>
public enum Directive
{
    /// <summary>The child goes on with its next message.</summary>
    Resume,

    /// <summary>The child gets a new incarnation and goes on with its next message.</summary>
    Restart,

    /// <summary>The supervisor fails with the same cause.</summary>
    Escalate,

    /// <summary>The child is stopped.</summary>
    Stop,
}

/// <summary>How an actor deals with failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>
    /// Stops a child that could not be created, was killed or did not handle a watched actor's end; restarts it otherwise.
    /// </summary>
    public static readonly IDecider DefaultDecider = Actor.Decider.From(DecideByDefault);

    /// <summary>One for one, without limits, by <see cref="DefaultDecider"/>.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>One for one, stopping every failed child.</summary>
    public static readonly OneForOneStrategy StoppingStrategy = new(_ => Directive.Stop);

    private protected SupervisorStrategy()
    {
    }

    /// <summary>Decides by the exception.</summary>
    public abstract IDecider Decider { get; }

    /// <summary>Whether a failure is logged when it is handled.</summary>
    protected bool LoggingEnabled { get; set; } = true;

    /// <summary>What to do with a child that failed with an exception.</summary>
    protected abstract Directive Handle(IActorRef child, Exception exception);

    /// <summary>Carries the decision out; false means that the supervisor itself has to fail.</summary>
    internal bool HandleFailure(ActorCell supervisor, IInternalActorRef child, Exception cause, ChildrenContainer children)
    {
        var directive = Handle(child, cause);
        LogFailure(supervisor, child, cause, directive);
        switch (directive)
        {
            case Directive.Resume:
                child.SendSystemMessage(new Resume(cause));
                return true;
            case Directive.Restart:
                ProcessFailure(supervisor, true, child, cause, children);
                return true;
            case Directive.Stop:
                ProcessFailure(supervisor, false, child, cause, children);
                return true;
            default:
                return false;
        }
    }

    internal virtual void HandleChildTerminated(ActorCell supervisor, IActorRef child, IEnumerable<IActorRef> children)
    {
    }

    private protected abstract void ProcessFailure(
        ActorCell supervisor, bool restart, IInternalActorRef child, Exception cause, ChildrenContainer children);

    /// <summary>Logs a failure: a warning when the child goes on, an error when it is restarted or stopped.</summary>
    protected virtual void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
    {
        if (!LoggingEnabled || directive == Directive.Escalate)
        {
            return;
        }

        var text = cause is ActorInitializationException { InnerException: { } inner } ? inner.Message : cause.Message;
        var source = child.Path.ToString();
        context.System.EventStream.Publish(directive == Directive.Resume
            ? new Warning(cause, source, GetType(), text)
            : new Error(cause, source, GetType(), text));
    }

    private static Directive DecideByDefault(Exception exception) => exception switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    };
}
