using Akka.Util;

namespace Akka.Streams.Implementation;

/// <summary>Gives one element.</summary>
internal sealed class SingleLogic<T>(T element) : SourceLogic<T>("singleSource")
{
    internal override void OnPull()
    {
        Out.Push(element);
        CompleteStage();
    }
}

/// <summary>Completes at once.</summary>
internal sealed class EmptyLogic<T>() : SourceLogic<T>("emptySource")
{
    internal override void PreStart() => CompleteStage();

    internal override void OnPull()
    {
    }
}

/// <summary>Fails at once.</summary>
internal sealed class FailedLogic<T>(Exception cause) : SourceLogic<T>("failedSource")
{
    internal override void PreStart() => FailStage(cause);

    internal override void OnPull()
    {
    }
}

/// <summary>Gives nothing and never ends.</summary>
internal sealed class NeverLogic<T>() : SourceLogic<T>("neverSource")
{
    internal override void OnPull()
    {
    }
}

/// <summary>Gives one element again and again.</summary>
internal sealed class RepeatLogic<T>(T element) : SourceLogic<T>("repeat")
{
    internal override void OnPull() => Out.Push(element);
}

/// <summary>Makes each element of a state, and the next state with it.</summary>
internal sealed class UnfoldLogic<TState, TElem>(TState state, Func<TState, Option<(TState, TElem)>> unfold)
    : SourceLogic<TElem>("unfold")
{
    private TState _state = state;

    internal override void OnPull()
    {
        var next = unfold(_state);
        if (next.HasValue)
        {
            Out.Push(next.Value.Item2);
            _state = next.Value.Item1;
        }
        else
            CompleteStage();
    }
}
