using Akka.Actor;

namespace Plexum.Codex.TestSupport.Agents;

internal static class ActorFailure
{
    /// <summary>Restarts an actor as its supervisor does when it has failed, before it handles another message.</summary>
    public static void Restart(this IActorRef actor)
    {
        var own = (IInternalActorRef)actor;
        own.Suspend();
        own.Restart(new InvalidOperationException("a mistake"));
    }
}
