namespace Plexum.Codex.Gateway;

/// <summary>A timer that is restarted each time a reader waits. For one reader.</summary>
public sealed class Heartbeat : IDisposable
{
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes the timer; it runs only during a wait.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="interval">How long a wait lasts before its beat.</param>
    public Heartbeat(TimeProvider time, TimeSpan interval)
    {
        ArgumentNullException.ThrowIfNull(time);
        _interval = interval;
        _timer = time.CreateTimer(_ => Volatile.Read(ref _beat).TrySetResult(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Waits for a task or the next beat, whichever comes first.</summary>
    /// <returns>Whether the beat came first.</returns>
    public async ValueTask<bool> BeatsBeforeAsync(Task underWay)
    {
        ArgumentNullException.ThrowIfNull(underWay);
        if (underWay.IsCompleted)
        {
            return false;
        }

        Volatile.Write(ref _beat, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        await Task.WhenAny(underWay, _beat.Task).ConfigureAwait(false);
        return !underWay.IsCompleted;
    }

    /// <summary>Stops the timer.</summary>
    public void Dispose() => _timer.Dispose();
}
