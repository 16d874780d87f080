namespace Akka.Actor;

/// <summary>Ask: a message, and its first answer as a task.</summary>
public static class Futures
{
    /// <summary>Asks with a limit; without one <c>akka.actor.ask-timeout</c> holds.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks until the token is cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks with a limit, until the token is cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks for a <typeparamref name="T"/> with a limit; without one <c>akka.actor.ask-timeout</c> holds.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks for a <typeparamref name="T"/> until the token is cancelled.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks for a <typeparamref name="T"/> with a limit, until the token is cancelled.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<T>(_ => message, timeout, cancellationToken);

    /// <summary>Asks with a message that carries the reference which the answer goes to.</summary>
    /// <returns>
    /// The first answer. It fails with the cause of a <see cref="Status.Failure"/>, with <see cref="AskTimeoutException"/>
    /// after the limit, and with <see cref="ArgumentException"/> when the answer is of another type.
    /// </returns>
    public static Task<T> Ask<T>(
        this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(messageFactory);
        if ((self as IInternalActorRef)?.System is not Internal.ActorSystemImpl system)
        {
            throw new ArgumentException($"{self} belongs to no actor system, so that nothing asked of it could be answered.", nameof(self));
        }

        var answer = new FutureActorRef<T>(system, timeout ?? system.Settings.AskTimeout, cancellationToken);
        self.Tell(messageFactory(answer), answer);
        return answer.Task;
    }
}
