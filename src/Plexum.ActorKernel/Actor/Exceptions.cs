namespace Akka.Actor;

/// <summary>The base of all that the runtime throws.</summary>
public abstract class AkkaException : Exception
{
    /// <summary>Creates it without a message of its own.</summary>
    protected AkkaException()
    {
    }

    /// <summary>Creates it with a message and, where there is one, the cause.</summary>
    protected AkkaException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>A message was null.</summary>
public class InvalidMessageException : AkkaException
{
    /// <summary>Creates it without details.</summary>
    public InvalidMessageException()
        : this("Message is null")
    {
    }

    /// <summary>Creates it with a sentence that names the receiver.</summary>
    public InvalidMessageException(string message)
        : base(message)
    {
    }
}

/// <summary>The name for an actor is taken, or cannot be a name.</summary>
public class InvalidActorNameException : AkkaException
{
    /// <summary>Creates it with a sentence that holds the name.</summary>
    public InvalidActorNameException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a sentence that holds the name, and the cause.</summary>
    public InvalidActorNameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Something was asked of an actor or system that its state does not allow.</summary>
public class IllegalActorStateException : AkkaException
{
    /// <summary>Creates it with a sentence that says what was asked of whom.</summary>
    public IllegalActorStateException(string message)
        : base(message)
    {
    }
}

/// <summary>An actor failed when it got the message <see cref="Kill"/>.</summary>
public class ActorKilledException : AkkaException
{
    /// <summary>Creates it without details.</summary>
    public ActorKilledException()
    {
    }

    /// <summary>Creates it with a message.</summary>
    public ActorKilledException(string message)
        : base(message)
    {
    }
}

/// <summary>An actor could not be created or did not survive its <c>PreStart</c>.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>Creates it without details.</summary>
    public ActorInitializationException()
    {
    }

    /// <summary>Creates it with a message.</summary>
    public ActorInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a message and the cause.</summary>
    public ActorInitializationException(string message, Exception cause)
        : base(message, cause)
    {
    }

    /// <summary>Creates it for an actor.</summary>
    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(message, cause)
    {
        Actor = actor;
    }

    /// <summary>The actor that could not be created, where one is known.</summary>
    public IActorRef? Actor { get; set; }

    /// <inheritdoc />
    public override string ToString() => Actor is null ? base.ToString() : Actor + ": " + base.ToString();
}

/// <summary>An actor's <c>PreRestart</c> threw.</summary>
public class PreRestartException : ActorInitializationException
{
    /// <summary>Creates it with the failure of the hook and the failure that made the restart necessary.</summary>
    public PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
        : base(actor, $"Exception in PreRestart(failure = {(cause is null ? "null" : cause.GetType().Name)}, message = {optionalMessage?.GetType().Name ?? "null"})", cause)
    {
        RestartException = restartException;
        OptionalMessage = optionalMessage;
    }

    /// <summary>What the hook threw.</summary>
    public Exception RestartException { get; }

    /// <summary>The message that was being processed when the actor failed, if any.</summary>
    public object? OptionalMessage { get; }
}

/// <summary>A new incarnation's constructor or <c>PostRestart</c> threw.</summary>
public class PostRestartException : ActorInitializationException
{
    /// <summary>Creates it with the new failure and the one that made the restart necessary.</summary>
    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"Exception post restart ({(originalCause is null ? "null" : originalCause.GetType().Name)})", cause)
    {
        OriginalCause = originalCause!;
    }

    /// <summary>The failure that made the restart necessary.</summary>
    public Exception OriginalCause { get; }
}

/// <summary>An actor watched another one and did not handle its <see cref="Terminated"/>.</summary>
public class DeathPactException : AkkaException
{
    /// <summary>Creates it for the actor that died.</summary>
    public DeathPactException(IActorRef deadActor)
        : base("Monitored actor [" + deadActor + "] terminated")
    {
        DeadActor = deadActor;
    }

    /// <summary>The watched actor that died.</summary>
    public IActorRef DeadActor { get; }
}

/// <summary>No answer came to an Ask in time.</summary>
public class AskTimeoutException : AkkaException
{
    /// <summary>Creates it with a sentence that names the limit.</summary>
    public AskTimeoutException(string message)
        : base(message)
    {
    }
}

/// <summary>A bounded stash is full.</summary>
public class StashOverflowException : AkkaException
{
    /// <summary>Creates it with a sentence that names the limit.</summary>
    public StashOverflowException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>A logger could not be started.</summary>
public class LoggerInitializationException : AkkaException
{
    /// <summary>Creates it without details.</summary>
    public LoggerInitializationException()
    {
    }

    /// <summary>Creates it with a message.</summary>
    public LoggerInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it with a message and the cause.</summary>
    public LoggerInitializationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>A scheduler was asked for something it cannot do, or has been stopped.</summary>
public class SchedulerException : AkkaException
{
    /// <summary>Creates it with a sentence that says what was asked.</summary>
    public SchedulerException(string message)
        : base(message)
    {
    }
}
