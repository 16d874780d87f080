using Akka.Streams.Implementation;

namespace Akka.Streams.Dsl;

/// <summary>Makes flows.</summary>
public static class Flow
{
    /// <summary>A flow that passes elements on, to begin a chain of operators with.</summary>
    public static Flow<T, T, NotUsed> Create<T>() => new(Layout.Identity);

    /// <summary>A flow that passes elements on.</summary>
    public static Flow<T, T, NotUsed> Identity<T>() => new(Layout.Identity);

    /// <summary>A flow that makes another element of each one.</summary>
    public static Flow<TIn, TOut, NotUsed> FromFunction<TIn, TOut>(Func<TIn, TOut> function) => Create<TIn>().Select(function);

    /// <summary>Makes a flow of a graph of that shape.</summary>
    public static Flow<TIn, TOut, TMat> FromGraph<TIn, TOut, TMat>(IGraph<FlowShape<TIn, TOut>, TMat> graph) =>
        graph as Flow<TIn, TOut, TMat> ?? new Flow<TIn, TOut, TMat>(Layout.Of(graph));
}
