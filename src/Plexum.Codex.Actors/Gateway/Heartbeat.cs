namespace Plexum.Codex.Gateway;

/// <summary>One timer, restarted for each wait, by which a reader that waits does something now and then. For one waiter.</summary>
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
    /// <returns>True for a beat; false if the task has completed, in whatever way.</returns>
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
