namespace Plexum.Codex.Host.Api;

/// <summary>One timer that is set again and again while a reader waits.</summary>
internal sealed class Heartbeat : IDisposable
{
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Heartbeat(TimeProvider time, TimeSpan interval)
    {
        _interval = interval;
        _timer = time.CreateTimer(_ => Volatile.Read(ref _beat).TrySetResult(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for what is under way or the next beat, whichever comes first.</summary>
    /// <returns>Whether it was a beat.</returns>
    public async ValueTask<bool> BeatsBeforeAsync(Task underWay)
    {
        if (underWay.IsCompleted)
        {
            return false;
        }

        Volatile.Write(ref _beat, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        await Task.WhenAny(underWay, _beat.Task).ConfigureAwait(false);
        return !underWay.IsCompleted;
    }

    public void Dispose() => _timer.Dispose();
}
