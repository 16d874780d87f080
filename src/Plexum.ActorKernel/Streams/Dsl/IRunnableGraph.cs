using Akka.Actor;

namespace Akka.Streams.Dsl;

/// <summary>A graph without open ends. It can be run any number of times; each run is independent of the others.</summary>
public interface IRunnableGraph<out TMat> : IGraph<ClosedShape, TMat>
{
    /// <summary>The same graph with its materialized value made into another one.</summary>
    IRunnableGraph<TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> func);

    /// <summary>Starts a run and returns its materialized value; elements move on other threads.</summary>
    TMat Run(IMaterializer materializer);

    /// <summary>Starts a run with the system's own materializer.</summary>
    TMat Run(ActorSystem actorSystem);

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.WithAttributes"/>
    new IRunnableGraph<TMat> WithAttributes(Attributes attributes);

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.AddAttributes"/>
    new IRunnableGraph<TMat> AddAttributes(Attributes attributes);

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.Named"/>
    new IRunnableGraph<TMat> Named(string name);
}
