namespace Akka.Actor;

/// <summary>An actor with timers. The runtime sets the property after the constructor has run.</summary>
public interface IWithTimers
{
    /// <summary>The actor's timers.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>
/// Timers of one incarnation of an actor: they end with it, and a timer that was cancelled or replaced never delivers its
/// message, not even when the message is already in the mailbox.
/// </summary>
public interface ITimerScheduler
{
    /// <summary>The keys of the timers that are running.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Has <paramref name="msg"/> sent again and again; replaces the timer of that key.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>The same with a sender.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    /// <summary>Has <paramref name="msg"/> sent after a delay and then again and again.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>The same with a sender.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    /// <summary>Has <paramref name="msg"/> sent once; replaces the timer of that key.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>The same with a sender.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    /// <summary>Whether the timer of that key is running.</summary>
    bool IsTimerActive(object key);

    /// <summary>Ends the timer of that key, if there is one.</summary>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();
}
