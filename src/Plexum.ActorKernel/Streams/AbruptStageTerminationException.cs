using Akka.Streams.Implementation;

namespace Akka.Streams;

/// <summary>A run was aborted, because its materializer or its actor system was shut down.</summary>
public sealed class AbruptStageTerminationException : Exception
{
    internal AbruptStageTerminationException(StageLogic logic)
        : base($"GraphStage {logic} terminated abruptly, caused by for example materializer or actor system termination.")
    {
    }
}
