using Akka.Actor;

namespace Akka.Streams;

/// <summary>The part of a run behind an asynchronous boundary was aborted; see <see cref="AbruptStageTerminationException"/>.</summary>
public class AbruptTerminationException : Exception
{
    /// <summary>The actor whose end aborted the run.</summary>
    public readonly IActorRef Actor;

    /// <summary>An abort because of the end of this actor.</summary>
    public AbruptTerminationException(IActorRef actor)
        : base($"Processor actor [{actor}] terminated abruptly") => Actor = actor;
}
