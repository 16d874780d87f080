namespace Akka.Actor;

/// <summary>One declared handler of a <see cref="ReceiveActor"/>.</summary>
internal abstract class ReceiveHandler
{
    public virtual bool TakesAll => false;

    public abstract bool TryHandle(object message);
}

/// <summary>The handlers of one behaviour in the order of their declaration.</summary>
internal sealed class ReceiveHandlers
{
    private ReceiveHandler[] _handlers = [];

    public void Add(ReceiveHandler handler)
    {
        if (_handlers.Length > 0 && _handlers[^1].TakesAll)
        {
            throw new InvalidOperationException(
                "A handler that catches all messages has been declared before; no handler behind it could ever run. Declare it last.");
        }

        _handlers = [.. _handlers, handler];
    }

    public bool TryHandle(object message)
    {
        foreach (var handler in _handlers)
        {
            if (handler.TryHandle(message))
            {
                return true;
            }
        }

        return false;
    }
}

internal sealed class ActionHandler<T>(Action<T> handle, Predicate<T>? accepts) : ReceiveHandler
{
    public override bool TakesAll => accepts is null && typeof(T) == typeof(object);

    public override bool TryHandle(object message)
    {
        if (message is not T typed || (accepts is not null && !accepts(typed)))
        {
            return false;
        }

        handle(typed);
        return true;
    }
}

internal sealed class FuncHandler<T>(Func<T, bool> handle) : ReceiveHandler
{
    public override bool TryHandle(object message) => message is T typed && handle(typed);
}

internal sealed class AnyHandler(Action<object> handle) : ReceiveHandler
{
    public override bool TakesAll => true;

    public override bool TryHandle(object message)
    {
        handle(message);
        return true;
    }
}
