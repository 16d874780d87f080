using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>
/// An actor whose handlers are declared in its constructor and in <see cref="Become(Action)"/>. The first handler whose
/// type, and predicate where it has one, fits takes the message.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    private ReceiveHandlers _handlers = new();
    private bool _declaring = true;

    /// <summary>Runs the handlers of the first behaviour on a message.</summary>
    protected sealed override void OnReceive(object message) => Handle(_handlers, message);

    /// <summary>Replaces the behaviour with the handlers that <paramref name="configure"/> declares.</summary>
    protected void Become(Action configure) => Become(Declare(configure));

    /// <summary>Puts the handlers that <paramref name="configure"/> declares on top of the behaviour at hand.</summary>
    protected void BecomeStacked(Action configure) => BecomeStacked(Declare(configure));

    /// <summary>Handles messages of a type that <paramref name="shouldHandle"/>, if given, accepts.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(handler, shouldHandle));

    /// <summary>Handles messages of a type that <paramref name="shouldHandle"/> accepts.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of a type; where the handler says false the next one is tried.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Add(new FuncHandler<T>(handler));

    /// <summary>Handles messages of a type that <paramref name="shouldHandle"/>, if given, accepts.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Add(new ActionHandler<object>(handler, OfType(messageType, shouldHandle)));

    /// <summary>Handles messages of a type that <paramref name="shouldHandle"/> accepts.</summary>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    /// <summary>Handles messages of a type; where the handler says false the next one is tried.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler)
    {
        var accepts = OfType(messageType, null);
        Add(new FuncHandler<object>(message => accepts(message) && handler(message)));
    }

    /// <summary>Handles messages of a type; no other message is taken until the handler's task has ended.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Add(new ActionHandler<T>(message => ActorTaskScheduler.RunTask(() => handler(message)), shouldHandle));

    /// <summary>Handles messages of a type that <paramref name="shouldHandle"/> accepts.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Handles messages of a type; no other message is taken until the handler's task has ended.</summary>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        ReceiveAsync(handler, OfType(messageType, shouldHandle));

    /// <summary>Handles messages of a type that <paramref name="shouldHandle"/> accepts.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Handles every message that no earlier handler took. No handler can be declared behind it.</summary>
    protected void ReceiveAny(Action<object> handler) => Add(new AnyHandler(handler));

    /// <summary>Handles every message that no earlier handler took, without taking another one meanwhile.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) =>
        ReceiveAny(message => ActorTaskScheduler.RunTask(() => handler(message)));

    private static Predicate<object> OfType(Type messageType, Predicate<object>? shouldHandle) =>
        shouldHandle is null
            ? messageType.IsInstanceOfType
            : message => messageType.IsInstanceOfType(message) && shouldHandle(message);

    internal override void Constructed() => _declaring = false;

    private void Handle(ReceiveHandlers handlers, object message)
    {
        if (!handlers.TryHandle(message))
        {
            Unhandled(message);
        }
    }

    private UntypedReceive Declare(Action configure)
    {
        var (outer, wasDeclaring) = (_handlers, _declaring);
        var declared = new ReceiveHandlers();
        (_handlers, _declaring) = (declared, true);
        try
        {
            configure();
        }
        finally
        {
            (_handlers, _declaring) = (outer, wasDeclaring);
        }

        return message => Handle(declared, message);
    }

    private void Add(ReceiveHandler handler)
    {
        if (!_declaring)
        {
            throw new InvalidOperationException(
                $"{GetType().Name} declared a Receive handler outside its constructor; do it in the constructor or inside Become.");
        }

        _handlers.Add(handler);
    }
}
