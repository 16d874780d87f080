namespace Akka.Actor;

/// <summary>Scheduling with milliseconds, and scheduling that returns its handle.</summary>
public static class SchedulerExtensions
{
    /// <summary>Sends a message after that many milliseconds.</summary>
    public static void ScheduleTellOnce(
        this ITellScheduler scheduler,
        int millisecondsDelay,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable = null) =>
        scheduler.ScheduleTellOnce(Ms(millisecondsDelay), receiver, message, sender, cancelable);

    /// <summary>Sends a message again and again; times in milliseconds.</summary>
    public static void ScheduleTellRepeatedly(
        this ITellScheduler scheduler,
        int initialMillisecondsDelay,
        int millisecondsInterval,
        ICanTell receiver,
        object message,
        IActorRef? sender,
        ICancelable? cancelable = null) =>
        scheduler.ScheduleTellRepeatedly(
            Ms(initialMillisecondsDelay), Ms(millisecondsInterval), receiver, message, sender, cancelable);

    /// <summary>Sends a message after <paramref name="delay"/>; the result cancels that.</summary>
    public static ICancelable ScheduleTellOnceCancelable(
        this IScheduler scheduler, TimeSpan delay, ICanTell receiver, object message, IActorRef? sender)
    {
        var handle = new Cancelable(scheduler);
        scheduler.ScheduleTellOnce(delay, receiver, message, sender, handle);
        return handle;
    }

    /// <summary>Sends a message after that many milliseconds; the result cancels that.</summary>
    public static ICancelable ScheduleTellOnceCancelable(
        this IScheduler scheduler, int millisecondsDelay, ICanTell receiver, object message, IActorRef? sender) =>
        scheduler.ScheduleTellOnceCancelable(Ms(millisecondsDelay), receiver, message, sender);

    /// <summary>Sends a message again and again; the result ends that.</summary>
    public static ICancelable ScheduleTellRepeatedlyCancelable(
        this IScheduler scheduler,
        TimeSpan initialDelay,
        TimeSpan interval,
        ICanTell receiver,
        object message,
        IActorRef? sender)
    {
        var handle = new Cancelable(scheduler);
        scheduler.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, handle);
        return handle;
    }

    /// <summary>Sends a message again and again, times in milliseconds; the result ends that.</summary>
    public static ICancelable ScheduleTellRepeatedlyCancelable(
        this IScheduler scheduler,
        int initialMillisecondsDelay,
        int millisecondsInterval,
        ICanTell receiver,
        object message,
        IActorRef? sender) =>
        scheduler.ScheduleTellRepeatedlyCancelable(
            Ms(initialMillisecondsDelay), Ms(millisecondsInterval), receiver, message, sender);

    /// <summary>Runs an action after that many milliseconds.</summary>
    public static void ScheduleOnce(
        this IActionScheduler scheduler, int millisecondsDelay, Action action, ICancelable? cancelable = null) =>
        scheduler.ScheduleOnce(Ms(millisecondsDelay), action, cancelable);

    /// <summary>Runs an action again and again; times in milliseconds.</summary>
    public static void ScheduleRepeatedly(
        this IActionScheduler scheduler,
        int initialMillisecondsDelay,
        int millisecondsInterval,
        Action action,
        ICancelable? cancelable = null) =>
        scheduler.ScheduleRepeatedly(Ms(initialMillisecondsDelay), Ms(millisecondsInterval), action, cancelable);

    /// <summary>Runs an action after <paramref name="delay"/>; the result cancels that.</summary>
    public static ICancelable ScheduleOnceCancelable(this IActionScheduler scheduler, TimeSpan delay, Action action)
    {
        var handle = new Cancelable(scheduler);
        scheduler.ScheduleOnce(delay, action, handle);
        return handle;
    }

    /// <summary>Runs an action after that many milliseconds; the result cancels that.</summary>
    public static ICancelable ScheduleOnceCancelable(
        this IActionScheduler scheduler, int millisecondsDelay, Action action) =>
        scheduler.ScheduleOnceCancelable(Ms(millisecondsDelay), action);

    /// <summary>Runs an action again and again; the result ends that.</summary>
    public static ICancelable ScheduleRepeatedlyCancelable(
        this IActionScheduler scheduler, TimeSpan initialDelay, TimeSpan interval, Action action)
    {
        var handle = new Cancelable(scheduler);
        scheduler.ScheduleRepeatedly(initialDelay, interval, action, handle);
        return handle;
    }

    /// <summary>Runs an action again and again, times in milliseconds; the result ends that.</summary>
    public static ICancelable ScheduleRepeatedlyCancelable(
        this IActionScheduler scheduler, int initialMillisecondsDelay, int millisecondsInterval, Action action) =>
        scheduler.ScheduleRepeatedlyCancelable(Ms(initialMillisecondsDelay), Ms(millisecondsInterval), action);

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
