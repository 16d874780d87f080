namespace Akka.Streams;

/// <summary>Runs graphs.</summary>
public interface IMaterializer
{
    /// <summary>Starts a run of the graph and returns its materialized value; elements move on other threads.</summary>
    /// <exception cref="Akka.Pattern.IllegalStateException">The materializer was shut down.</exception>
    TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable);

    /// <summary>Starts a run of the graph under these attributes in place of the materializer's own.</summary>
    /// <exception cref="Akka.Pattern.IllegalStateException">The materializer was shut down.</exception>
    TMat Materialize<TMat>(IGraph<ClosedShape, TMat> runnable, Attributes initialAttributes);
}
