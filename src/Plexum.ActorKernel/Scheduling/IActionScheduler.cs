namespace Akka.Actor;

/// <summary>
/// Runs code later, on the scheduler's own thread: it must be short, and it must not touch the state of an actor. An
/// action that throws is logged and, if it was a repeated one, not run again.
/// </summary>
public interface IActionScheduler
{
    /// <summary>Runs an action after <paramref name="delay"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="SchedulerException">The actor system has ended.</exception>
    void ScheduleOnce(TimeSpan delay, Action action);

    /// <summary>Runs an action after <paramref name="delay"/>, unless cancelled before.</summary>
    /// <inheritdoc cref="ScheduleOnce(TimeSpan, Action)"/>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    /// <summary>Runs an action after <paramref name="initialDelay"/> and then every <paramref name="interval"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or the interval not positive.</exception>
    /// <exception cref="SchedulerException">The actor system has ended.</exception>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);

    /// <summary>As the shorter one, until cancelled.</summary>
    /// <inheritdoc cref="ScheduleRepeatedly(TimeSpan, TimeSpan, Action)"/>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);
}
