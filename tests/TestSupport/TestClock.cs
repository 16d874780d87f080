using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Akka.TestKit;

namespace Plexum.Codex.TestSupport;

/// <summary>
/// The kit's scheduler, used by one thread at a time. By itself it forgets what an actor schedules for a moment that the test is just
/// passing: it has told the messages of that moment already and removes them all (Akka.TestKit 1.5).
/// </summary>
public sealed class TestClock(Config config, ILoggingAdapter log) : IScheduler, IAdvancedScheduler
{
    private readonly Lock _gate = new();
    private readonly TestScheduler _inner = new(config, log);

    public DateTimeOffset Now => Locked(() => _inner.Now);

    public TimeSpan MonotonicClock => _inner.MonotonicClock;

    public TimeSpan HighResMonotonicClock => _inner.HighResMonotonicClock;

    public IAdvancedScheduler Advanced => this;

    /// <summary>Tells and runs what is due by then. What that schedules for now waits for the next call.</summary>
    public void Advance(TimeSpan time) => Locked(() => _inner.Advance(time));

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender) =>
        Locked(() => _inner.ScheduleTellOnce(delay, receiver, message, sender));

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Locked(() => _inner.ScheduleTellOnce(delay, receiver, message, sender, cancelable));

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender) =>
        Locked(() => _inner.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender));

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef sender,
        ICancelable cancelable
    ) => Locked(() => _inner.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable));

    public void ScheduleOnce(TimeSpan delay, Action action) => Locked(() => _inner.ScheduleOnce(delay, action));

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Locked(() => _inner.ScheduleOnce(delay, action, cancelable));

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        Locked(() => _inner.ScheduleRepeatedly(initialDelay, interval, action));

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Locked(() => _inner.ScheduleRepeatedly(initialDelay, interval, action, cancelable));

    public void ScheduleOnce(TimeSpan delay, IRunnable action) => ScheduleOnce(delay, action.Run);

    public void ScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => ScheduleOnce(delay, action.Run, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action) =>
        ScheduleRepeatedly(initialDelay, interval, action.Run);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        ScheduleRepeatedly(initialDelay, interval, action.Run, cancelable);

    private void Locked(Action step)
    {
        lock (_gate)
        {
            step();
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
