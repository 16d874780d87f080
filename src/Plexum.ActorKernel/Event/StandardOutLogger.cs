using Akka.Actor;

namespace Akka.Event;

/// <summary>
/// Prints log events on the thread that publishes them: what is there before the logger actors have started and after
/// they have stopped.
/// </summary>
internal sealed class StandardOutLogger : MinimalActorRef
{
    public override ActorPath Path { get; } = ActorPath.OfRoot(new Address("akka", "all-systems")) / "StandardOutLogger";

    public override ActorSystem? System => null;

    protected override void TellInternal(object message, IActorRef? sender) => Console.WriteLine(message);
}
