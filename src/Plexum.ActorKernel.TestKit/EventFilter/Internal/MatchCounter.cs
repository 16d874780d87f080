namespace Akka.TestKit.Internal;

/// <summary>Counts matches and wakes the test when there are enough, or with 0 expected when there is one.</summary>
internal sealed class MatchCounter(int expected)
{
    private readonly TaskCompletionSource _decided = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    internal int Count => Volatile.Read(ref _count);

    internal void Add()
    {
        if (Interlocked.Increment(ref _count) >= expected)
        {
            _decided.TrySetResult();
        }
    }

    internal async Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await _decided.Task.WaitAsync(limit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
