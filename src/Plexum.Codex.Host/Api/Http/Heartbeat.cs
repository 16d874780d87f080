namespace Plexum.Codex.Host.Api.Http;

/// <summary>A timer that is restarted each time a reader waits.</summary>
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

    /// <summary>Waits for a task or the next beat, whichever comes first.</summary>
    /// <returns>Whether the beat came first.</returns>
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
