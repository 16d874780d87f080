using Akka.Actor;

namespace Plexum.ActorKernel.Bench.Rows;

internal sealed class Echo : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message);
}
