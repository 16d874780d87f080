using Akka.Actor.Internal;
using Akka.Event;

namespace Akka.Streams.Implementation;

/// <summary>What an island needs from the materializer that runs it.</summary>
internal interface IStreamHost
{
    ActorSystemImpl System { get; }

    /// <summary>Where errors go that are nobody's result.</summary>
    ILoggingAdapter Log { get; }

    /// <summary>The error that a neighbouring island is told when this one is aborted.</summary>
    Exception AbruptTermination();

    /// <summary>The island has come to its end.</summary>
    void Remove(Island island);
}
