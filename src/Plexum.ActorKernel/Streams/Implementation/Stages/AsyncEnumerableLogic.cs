using Akka.Event;

namespace Akka.Streams.Implementation;

/// <summary>Gives the elements of an asynchronous enumerable; its token is cancelled when the stage stops.</summary>
internal sealed class AsyncEnumerableLogic<T> : SourceLogic<T>
{
    private readonly IAsyncEnumerable<T> _elements;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Action _raise;
    private IAsyncEnumerator<T>? _enumerator;
    private Task<bool> _move = Task.FromResult(false);

    internal AsyncEnumerableLogic(IAsyncEnumerable<T> elements)
        : base("asyncEnumerableSource")
    {
        _elements = elements;
        _raise = new Signal(this, Moved).Raise;
    }

    internal override void PreStart() => _enumerator = _elements.GetAsyncEnumerator(_stopped.Token);

    internal override void OnPull()
    {
        var move = _enumerator!.MoveNextAsync();
        if (move.IsCompletedSuccessfully)
            Arrived(move.Result);
        else
        {
            _move = move.AsTask();
            _move.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_raise);
        }
    }

    internal override void PostStop()
    {
        _stopped.Cancel();
        _ = Dispose();
    }

    private void Moved()
    {
        bool hasElement;
        try
        {
            hasElement = _move.GetAwaiter().GetResult();
        }
        catch (Exception cause)
        {
            FailStage(cause);
            return;
        }

        Arrived(hasElement);
    }

    private void Arrived(bool hasElement)
    {
        if (hasElement) Out.Push(_enumerator!.Current);
        else CompleteStage();
    }

    /// <summary>An enumerator may be disposed only when it is not moving.</summary>
    private async Task Dispose()
    {
        try
        {
            await ((Task)_move).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            if (_enumerator is not null) await _enumerator.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            Island.Host.Log.Debug(cause, "Underlying async enumerator threw an exception while being disposed.");
        }
        finally
        {
            _stopped.Dispose();
        }
    }
}
