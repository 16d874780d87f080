using System.Diagnostics;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Akka.TestKit;

/// <summary>
/// A scheduler whose clock stands still until the test turns it. What is due then runs on the test's thread, in the order
/// of the due times; what is told to a test actor has arrived when <see cref="Advance"/> returns.
/// </summary>
/// <remarks>
/// A system gets it by <c>akka.scheduler.implementation</c>, or from <see cref="Configs.TestConfigs.TestSchedulerConfig"/>;
/// a test reaches it as <c>(TestScheduler)Sys.Scheduler</c>. As in Akka.NET, one call of <see cref="Advance"/> runs
/// repeated work once, however far it goes, and its next turn counts from the new time; work that is scheduled meanwhile
/// waits for the next call.
/// </remarks>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<Work, (DateTimeOffset Due, long Number)> _work = new();
    private DateTimeOffset _now = DateTimeOffset.UtcNow;
    private long _number;

    /// <summary>Called by the system that is configured so.</summary>
    public TestScheduler(Config schedulerConfig, ILoggingAdapter log)
    {
    }

    /// <inheritdoc />
    public IAdvancedScheduler Advanced => this;

    /// <summary>The time to which the test has turned the clock.</summary>
    public DateTimeOffset Now => TimeNow;

    /// <summary>Real time; the test does not turn it.</summary>
    public TimeSpan MonotonicClock => Stopwatch.GetElapsedTime(0);

    /// <summary>Real time; the test does not turn it.</summary>
    public TimeSpan HighResMonotonicClock => Stopwatch.GetElapsedTime(0);

    /// <summary>The time to which the test has turned the clock.</summary>
    protected DateTimeOffset TimeNow
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    /// <summary>Turns the clock on and runs what is due by then.</summary>
    /// <remarks>An action that throws ends the call; what is due after it runs with the next one.</remarks>
    public void Advance(TimeSpan offset)
    {
        Queue<Work> due;
        lock (_gate)
        {
            _now += offset;
            due = TakeDue();
        }

        try
        {
            while (due.TryDequeue(out var work))
            {
                if (!work.IsCancelled)
                {
                    work.Run();
                    Repeat(work);
                }
            }
        }
        finally
        {
            foreach (var work in due)
            {
                Add(work, TimeSpan.Zero);
            }
        }
    }

    /// <summary>Turns the clock on to <paramref name="when"/> and runs what is due by then.</summary>
    /// <exception cref="InvalidOperationException">That time is over.</exception>
    public void AdvanceTo(DateTimeOffset when)
    {
        var now = Now;
        if (when < now)
        {
            throw new InvalidOperationException($"You can't reverse time: the clock stands at {now:O}, asked for was {when:O}.");
        }

        Advance(when - now);
    }

    /// <inheritdoc />
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    /// <inheritdoc />
    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(new Work(() => receiver.Tell(message, sender), null, cancelable), delay);

    /// <inheritdoc />
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    /// <inheritdoc />
    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(new Work(() => receiver.Tell(message, sender), interval, cancelable), initialDelay);

    /// <inheritdoc />
    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    /// <inheritdoc />
    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Add(new Work(action, null, cancelable), delay);

    /// <inheritdoc />
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    /// <inheritdoc />
    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(new Work(action, interval, cancelable), initialDelay);

    private void Add(Work work, TimeSpan delay)
    {
        lock (_gate)
        {
            _work.Enqueue(work, (_now + delay, ++_number));
        }
    }

    private void Repeat(Work work)
    {
        if (work.Interval is { } interval && !work.IsCancelled)
        {
            Add(work, interval);
        }
    }

    private Queue<Work> TakeDue()
    {
        var due = new Queue<Work>();
        while (_work.TryPeek(out var work, out var place) && place.Due <= _now)
        {
            due.Enqueue(_work.Dequeue());
        }

        return due;
    }

    private sealed class Work(Action run, TimeSpan? interval, ICancelable? cancelable)
    {
        public Action Run => run;

        public TimeSpan? Interval => interval;

        public bool IsCancelled => cancelable?.IsCancellationRequested == true;
    }
}
