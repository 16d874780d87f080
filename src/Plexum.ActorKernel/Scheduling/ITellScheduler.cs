namespace Akka.Actor;

/// <summary>Sends messages later.</summary>
public interface ITellScheduler
{
    /// <summary>Sends a message after <paramref name="delay"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative.</exception>
    /// <exception cref="SchedulerException">The actor system has ended.</exception>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>Sends a message after <paramref name="delay"/>, unless cancelled before.</summary>
    /// <inheritdoc cref="ScheduleTellOnce(TimeSpan, ICanTell, object, IActorRef)"/>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable);

    /// <summary>
    /// Sends a message after <paramref name="initialDelay"/> and then every <paramref name="interval"/>. The interval
    /// counts from due time to due time, so that it does not drift.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The delay is negative or the interval not positive.</exception>
    /// <exception cref="SchedulerException">The actor system has ended.</exception>
    void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>As the shorter one, until cancelled.</summary>
    /// <inheritdoc cref="ScheduleTellRepeatedly(TimeSpan, TimeSpan, ICanTell, object, IActorRef)"/>
    void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable);
}
