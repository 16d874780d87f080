using Akka.Actor.Internal;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor;

/// <summary>The parent of the two guardians; when it stops the system has ended.</summary>
internal sealed class RootGuardian : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.StoppingStrategy;

    protected override void OnReceive(object message)
    {
        if (message is Terminated)
        {
            Context.Stop(Self);
        }
    }
}

/// <summary>The parent of all actors that the user creates at the top.</summary>
internal sealed class UserGuardian(SupervisorStrategy strategy) : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void OnReceive(object message) =>
        Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
}

/// <summary>The parent of the runtime's own actors. It outlives the user's, so that their last words are still logged.</summary>
internal sealed class SystemGuardian(ActorSystemImpl system, IActorRef userGuardian) : UntypedActor
{
    protected override void PreStart() => Context.Watch(userGuardian);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(userGuardian):
                var self = Self;
                LoggerSetup.Stop(system).ContinueWith(_ => self.Tell(LogEnded.Instance, self), TaskScheduler.Default);
                break;
            case LogEnded:
                Context.Stop(Self);
                break;
        }
    }

    private sealed class LogEnded
    {
        public static readonly LogEnded Instance = new();
    }
}

/// <summary>Stands above the root: hears of its failure and of its end.</summary>
internal sealed class RootSupervisor(ActorSystemImpl system, ActorPath path, Action ended) : MinimalActorRef
{
    public override ActorPath Path => path;

    public override ActorSystem System => system;

    public override IInternalActorRef Parent => this;

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                system.EventStream.Publish(new Error(failed.Cause, path.ToString(), GetType(), "The root guardian failed; the system stops."));
                failed.Child.SendSystemMessage(new Terminate());
                break;
            case DeathWatchNotification:
                ended();
                break;
        }
    }
}
