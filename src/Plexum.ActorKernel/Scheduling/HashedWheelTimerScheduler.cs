using System.Diagnostics;
using Akka.Configuration;
using Akka.Event;

namespace Akka.Actor;

/// <summary>
/// The scheduler of an actor system. Despite its name, which is what settings call it, there is no wheel inside: work
/// waits in a queue ordered by due time, and one system timer is set to the first. While nothing is scheduled, nothing
/// runs. Work is never early; what is due at the same time runs in the order in which it was scheduled.
/// </summary>
public sealed class HashedWheelTimerScheduler : IScheduler, IAdvancedScheduler, IDisposable
{
    // Milliseconds; a system timer cannot sleep longer than 49 days.
    private const double LongestSleep = 40d * 24 * 60 * 60 * 1000;

    private static readonly long Origin = Stopwatch.GetTimestamp();

    private readonly object _gate = new();
    private readonly ScheduledWorkQueue _queue = new();
    private readonly Timer _timer;
    private readonly TimeSpan _shutdownTimeout;
    private readonly ILoggingAdapter _log;
    private long _wakeUp = long.MaxValue;
    private long _order;
    private int _runner;
    private bool _disposed;

    /// <summary>Creates a scheduler.</summary>
    /// <param name="scheduler">The configuration of the actor system.</param>
    /// <param name="log">Gets the failures of scheduled actions.</param>
    public HashedWheelTimerScheduler(Config scheduler, ILoggingAdapter log)
    {
        _log = log;
        _shutdownTimeout = scheduler.GetTimeSpan("akka.scheduler.shutdown-timeout", TimeSpan.FromSeconds(5));
        using (ExecutionContext.SuppressFlow())
        {
            _timer = new Timer(static self => ((HashedWheelTimerScheduler)self!).RunDue(), this, Timeout.Infinite, Timeout.Infinite);
        }
    }

    DateTimeOffset ITimeProvider.Now => DateTimeOffset.UtcNow;

    TimeSpan ITimeProvider.MonotonicClock => new(Clock);

    TimeSpan ITimeProvider.HighResMonotonicClock => new(Clock);

    IAdvancedScheduler IScheduler.Advanced => this;

    private static long Clock => Stopwatch.GetElapsedTime(Origin).Ticks;

    void ITellScheduler.ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTell(delay, TimeSpan.Zero, receiver, message, sender, null);

    void ITellScheduler.ScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        ScheduleTell(delay, TimeSpan.Zero, receiver, message, sender, cancelable);

    void ITellScheduler.ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTell(initialDelay, Positive(interval), receiver, message, sender, null);

    void ITellScheduler.ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        ScheduleTell(initialDelay, Positive(interval), receiver, message, sender, cancelable);

    void IActionScheduler.ScheduleOnce(TimeSpan delay, Action action) =>
        ScheduleAction(delay, TimeSpan.Zero, action, null);

    void IActionScheduler.ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        ScheduleAction(delay, TimeSpan.Zero, action, cancelable);

    void IActionScheduler.ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleAction(initialDelay, Positive(interval), action, null);

    void IActionScheduler.ScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        ScheduleAction(initialDelay, Positive(interval), action, cancelable);

    /// <summary>
    /// Ends the scheduler: waits for the action that is running, up to <c>akka.scheduler.shutdown-timeout</c>, then does
    /// all that was still waiting, each once. Nothing can be scheduled afterwards.
    /// </summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _timer.Dispose();
        if (!WaitForRunner())
        {
            _log.Warning("Failed to shutdown scheduler within {0}", _shutdownTimeout);
            return;
        }

        while (TakeAny() is { } work)
        {
            Run(work);
            work.Finish();
        }
    }

    internal void Remove(ScheduledWork work)
    {
        lock (_gate)
        {
            _queue.Remove(work);
        }
    }

    private static TimeSpan Positive(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return interval;
    }

    private static long Later(long time, long ticks) => ticks > long.MaxValue - time ? long.MaxValue : time + ticks;

    private void ScheduleTell(
        TimeSpan delay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? handle)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        Schedule(delay, interval, receiver, message, sender, handle);
    }

    private void ScheduleAction(TimeSpan delay, TimeSpan interval, Action action, ICancelable? handle)
    {
        ArgumentNullException.ThrowIfNull(action);
        Schedule(delay, interval, action, null, null, handle);
    }

    private void Schedule(
        TimeSpan delay, TimeSpan interval, object target, object? message, IActorRef? sender, ICancelable? handle)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        var work = new ScheduledWork(this, Later(Clock, delay.Ticks), interval.Ticks, target, message, sender);
        var wanted = handle is null || work.TryAttachTo(handle);
        lock (_gate)
        {
            if (_disposed)
            {
                throw new SchedulerException("cannot enqueue after timer shutdown");
            }

            if (wanted && !work.IsDone)
            {
                work.Order = _order++;
                _queue.Add(work);
                SetTimer();
            }
        }
    }

    private bool WaitForRunner()
    {
        var started = Clock;
        lock (_gate)
        {
            while (_runner != 0 && _runner != Environment.CurrentManagedThreadId)
            {
                var left = _shutdownTimeout - new TimeSpan(Clock - started);
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(_gate, left);
            }

            return true;
        }
    }

    private void RunDue()
    {
        lock (_gate)
        {
            _wakeUp = long.MaxValue;
            if (_runner != 0 || _disposed)
            {
                return;
            }

            _runner = Environment.CurrentManagedThreadId;
        }

        while (TakeDue() is { } work)
        {
            if (!Run(work))
            {
                work.Cancel();
            }
            else if (work.Interval == 0)
            {
                work.Finish();
            }
        }
    }

    /// <summary>The next piece that is due; with null the run has ended and the timer is set.</summary>
    private ScheduledWork? TakeDue()
    {
        lock (_gate)
        {
            if (_queue.First is { } first && first.Due <= Clock && !_disposed)
            {
                _queue.Remove(first);
                if (first.Interval > 0)
                {
                    first.Due = Later(first.Due, first.Interval);
                    _queue.Add(first);
                }

                return first;
            }

            _runner = 0;
            Monitor.PulseAll(_gate);
            SetTimer();
            return null;
        }
    }

    private ScheduledWork? TakeAny()
    {
        lock (_gate)
        {
            var first = _queue.First;
            if (first is not null)
            {
                _queue.Remove(first);
            }

            return first;
        }
    }

    private bool Run(ScheduledWork work)
    {
        try
        {
            work.Run();
            return true;
        }
        catch (Exception e)
        {
            _log.Error(e, "Error while executing scheduled task {0}", work);
            return false;
        }
    }

    private void SetTimer()
    {
        if (_runner != 0 || _disposed || _queue.First is not { } first || first.Due >= _wakeUp)
        {
            return;
        }

        // Rounded up: the timer counts whole milliseconds, and nothing may be early.
        _wakeUp = first.Due;
        var sleep = Math.Clamp(Math.Ceiling((first.Due - (double)Clock) / TimeSpan.TicksPerMillisecond), 0, LongestSleep);
        _timer.Change((long)sleep, Timeout.Infinite);
    }
}
