using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Stopping an actor and waiting for its end.</summary>
public static class GracefulStopSupport
{
    /// <summary>Sends <see cref="PoisonPill"/> and waits until the actor has stopped.</summary>
    /// <returns>True when it has stopped; false when it has not within <paramref name="timeout"/>.</returns>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends a message that makes the actor stop and waits until it has.</summary>
    /// <returns>True when it has stopped; false when it has not within <paramref name="timeout"/>.</returns>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        var watchee = (IInternalActorRef)target;
        if (watchee.IsTerminated)
        {
            return true;
        }

        var watcher = new FutureActorRef<object>((ActorSystemImpl)watchee.System!, timeout, CancellationToken.None);
        watchee.SendSystemMessage(new Watch(watchee, watcher));
        target.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            if (await watcher.Task.ConfigureAwait(false) is Terminated terminated)
            {
                return terminated.ActorRef.Path.Equals(target.Path);
            }
        }
        catch (AskTimeoutException)
        {
            // It has not stopped in time, which is the answer.
        }

        watchee.SendSystemMessage(new Unwatch(watchee, watcher));
        return false;
    }
}
