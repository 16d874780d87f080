namespace Akka.Actor;

/// <summary>What the scheduler delivers for a timer. The cell asks the timers whether it still counts.</summary>
internal class TimerFired(object key, int generation, TimerScheduler owner)
{
    public object Key => key;

    public int Generation => generation;

    public TimerScheduler Owner => owner;
}

internal sealed class UncountedTimerFired(object key, int generation, TimerScheduler owner)
    : TimerFired(key, generation, owner), INotInfluenceReceiveTimeout;

internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, RunningTimer> _timers = [];
    private int _generation;

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) =>
        Start(key, msg, interval, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) =>
        Start(key, msg, initialDelay, interval, ActorRefs.NoSender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) =>
        Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) =>
        Start(key, msg, timeout, null, ActorRefs.NoSender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
        Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Task.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Task.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>The message of a timer that has fired, or null when it was cancelled, replaced or another incarnation's.</summary>
    public object? Claim(TimerFired fired)
    {
        if (!ReferenceEquals(fired.Owner, this)
            || !_timers.TryGetValue(fired.Key, out var timer)
            || timer.Generation != fired.Generation)
        {
            return null;
        }

        if (!timer.Repeats)
        {
            _timers.Remove(fired.Key);
        }

        return timer.Message;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef sender)
    {
        Cancel(key);
        var generation = ++_generation;
        var fired = message is INotInfluenceReceiveTimeout
            ? new UncountedTimerFired(key, generation, this)
            : new TimerFired(key, generation, this);
        var scheduler = cell.SystemImpl.Scheduler;
        var task = interval is { } period
            ? scheduler.ScheduleTellRepeatedlyCancelable(delay, period, cell.Self, fired, sender)
            : scheduler.ScheduleTellOnceCancelable(delay, cell.Self, fired, sender);
        _timers[key] = new RunningTimer(message, generation, interval is not null, task);
    }

    private readonly record struct RunningTimer(object Message, int Generation, bool Repeats, ICancelable Task);
}
