using Akka.Util;

namespace Akka.Streams.Implementation;

/// <summary>Makes each element of a state, and the next state with it, asynchronously.</summary>
internal sealed class UnfoldAsyncLogic<TState, TElem> : SourceLogic<TElem>
{
    private readonly Func<TState, Task<Option<(TState State, TElem Element)>>> _unfold;
    private readonly Action _raise;
    private TState _state;
    private Task<Option<(TState State, TElem Element)>>? _pending;

    internal UnfoldAsyncLogic(TState state, Func<TState, Task<Option<(TState, TElem)>>> unfold)
        : base("unfoldAsync")
    {
        _state = state;
        _unfold = unfold;
        _raise = new Signal(this, Unfolded).Raise;
    }

    internal override void OnPull()
    {
        _pending = _unfold(_state);
        if (_pending.IsCompleted) Unfolded();
        else _pending.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_raise);
    }

    private void Unfolded()
    {
        var task = _pending!;
        if (!task.IsCompletedSuccessfully)
            FailStage(task.Failure());
        else if (task.Result is { HasValue: true } next)
        {
            Out.Push(next.Value.Element);
            _state = next.Value.State;
        }
        else
            CompleteStage();
    }
}
