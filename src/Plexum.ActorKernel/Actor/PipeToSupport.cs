namespace Akka.Actor;

/// <summary>Sends the outcome of a task to an actor; a failure becomes <see cref="Status.Failure"/> unless it is mapped.</summary>
public static class PipeToSupport
{
    /// <summary>Sends the result, or what <paramref name="success"/> and <paramref name="failure"/> make of the outcome.</summary>
    public static Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>The same, choosing whether the mapping runs where the task was awaited.</summary>
    public static async Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        try
        {
            var result = await taskToPipe.ConfigureAwait(useConfigureAwait);
            recipient.Tell(success is null ? result! : success(result), sender);
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }

    /// <summary>Sends what <paramref name="success"/> makes, if given, when the task has ended.</summary>
    public static Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null) =>
        taskToPipe.PipeTo(recipient, false, sender, success, failure);

    /// <summary>The same, choosing whether the mapping runs where the task was awaited.</summary>
    public static async Task PipeTo(
        this Task taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        try
        {
            await taskToPipe.ConfigureAwait(useConfigureAwait);
            if (success is not null)
            {
                recipient.Tell(success(), sender);
            }
        }
        catch (Exception e)
        {
            recipient.Tell(failure is null ? new Status.Failure(e) : failure(e), sender);
        }
    }
}
