using Akka.Streams.Implementation;

namespace Akka.Streams.Dsl;

/// <summary>A graph that takes elements.</summary>
/// <typeparam name="TIn">The elements.</typeparam>
/// <typeparam name="TMat">The value that each run hands out.</typeparam>
public sealed class Sink<TIn, TMat> : IGraph<SinkShape<TIn>, TMat>, ILaidOut
{
    private readonly Layout _layout;

    internal Sink(Layout layout) => _layout = layout;

    Layout ILaidOut.Layout => _layout;

    /// <summary>A sink for other elements, which the function makes into those that this one takes.</summary>
    public Sink<TIn2, TMat> ContraMap<TIn2>(Func<TIn2, TIn> function) => Flow.FromFunction(function).ToMaterialized(this, Keep.Right);

    /// <summary>The same sink with its materialized value made into another one.</summary>
    public Sink<TIn, TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> fn) => new(_layout.MapValue(value => fn((TMat)value)!));

    /// <summary>Joins a source, starts a run and returns the source's value.</summary>
    public TMat2 RunWith<TMat2>(IGraph<SourceShape<TIn>, TMat2> source, IMaterializer materializer) =>
        Source.FromGraph(source).To(this).Run(materializer);

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.WithAttributes"/>
    public Sink<TIn, TMat> WithAttributes(Attributes attributes) => new(_layout.With(attributes));

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.AddAttributes"/>
    public Sink<TIn, TMat> AddAttributes(Attributes attributes) => WithAttributes(_layout.Attributes.And(attributes));

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.Named"/>
    public Sink<TIn, TMat> Named(string name) => AddAttributes(Attributes.CreateName(name));

    /// <summary>This sink runs concurrently with what stands before it; between them lies a bounded buffer.</summary>
    public Sink<TIn, TMat> Async() => AddAttributes(Attributes.CreateAsyncBoundary());

    IGraph<SinkShape<TIn>, TMat> IGraph<SinkShape<TIn>, TMat>.WithAttributes(Attributes attributes) => WithAttributes(attributes);

    IGraph<SinkShape<TIn>, TMat> IGraph<SinkShape<TIn>, TMat>.AddAttributes(Attributes attributes) => AddAttributes(attributes);

    IGraph<SinkShape<TIn>, TMat> IGraph<SinkShape<TIn>, TMat>.Named(string name) => Named(name);

    IGraph<SinkShape<TIn>, TMat> IGraph<SinkShape<TIn>, TMat>.Async() => Async();
}
