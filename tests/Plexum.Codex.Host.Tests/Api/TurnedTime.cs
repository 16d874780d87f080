namespace Plexum.Codex.Host.Api;

/// <summary>A clock with one timer, which goes off when the test says so.</summary>
internal sealed class TurnedTime : TimeProvider
{
    private Action? _goOff;

    /// <summary>After how long the timer would go off.</summary>
    public TimeSpan Due { get; private set; }

    public void Turn() => _goOff!();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _goOff = () => callback(state);
        return new Timer(this);
    }

    private sealed class Timer(TurnedTime time) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Due = dueTime;
            return true;
        }

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
