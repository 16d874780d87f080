using Akka.Streams.Implementation;

namespace Akka.Streams.Dsl;

/// <summary>A graph that takes elements and gives others.</summary>
/// <typeparam name="TIn">The elements that it takes.</typeparam>
/// <typeparam name="TOut">The elements that it gives.</typeparam>
/// <typeparam name="TMat">The value that each run hands out.</typeparam>
public sealed class Flow<TIn, TOut, TMat> : IGraph<FlowShape<TIn, TOut>, TMat>, ILaidOut
{
    private readonly Layout _layout;

    internal Flow(Layout layout) => _layout = layout;

    Layout ILaidOut.Layout => _layout;

    /// <summary>Appends a flow and keeps this flow's value.</summary>
    public Flow<TIn, T2, TMat> Via<T2, TMat2>(IGraph<FlowShape<TOut, T2>, TMat2> flow) => new(_layout.Then(Layout.Of(flow)));

    /// <summary>Appends a flow and makes one value of the two.</summary>
    public Flow<TIn, TOut2, TMat3> ViaMaterialized<TOut2, TMat2, TMat3>(
        IGraph<FlowShape<TOut, TOut2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine) =>
        new(_layout.Then(Layout.Of(flow), (left, right) => combine((TMat)left, (TMat2)right)!));

    /// <summary>Joins a sink, which makes this a sink, and keeps this flow's value.</summary>
    public Sink<TIn, TMat> To<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink) => new(_layout.Then(Layout.Of(sink)));

    /// <summary>Joins a sink, which makes this a sink, and makes one value of the two.</summary>
    public Sink<TIn, TMat3> ToMaterialized<TMat2, TMat3>(IGraph<SinkShape<TOut>, TMat2> sink, Func<TMat, TMat2, TMat3> combine) =>
        new(_layout.Then(Layout.Of(sink), (left, right) => combine((TMat)left, (TMat2)right)!));

    /// <summary>The same flow with its materialized value made into another one.</summary>
    public Flow<TIn, TOut, TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc) => new(_layout.MapValue(value => mapFunc((TMat)value)!));

    /// <summary>Joins a source and a sink, starts a run and returns the values of both.</summary>
    public (TMat1, TMat2) RunWith<TMat1, TMat2>(
        IGraph<SourceShape<TIn>, TMat1> source, IGraph<SinkShape<TOut>, TMat2> sink, IMaterializer materializer) =>
        Source.FromGraph(source).Via(this).ToMaterialized(sink, Keep.Both).Run(materializer);

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.WithAttributes"/>
    public Flow<TIn, TOut, TMat> WithAttributes(Attributes attributes) => new(_layout.With(attributes));

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.AddAttributes"/>
    public Flow<TIn, TOut, TMat> AddAttributes(Attributes attributes) => WithAttributes(_layout.Attributes.And(attributes));

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.Named"/>
    public Flow<TIn, TOut, TMat> Named(string name) => AddAttributes(Attributes.CreateName(name));

    /// <summary>This flow runs concurrently with what stands before and behind it; between them lie bounded buffers.</summary>
    public Flow<TIn, TOut, TMat> Async() => AddAttributes(Attributes.CreateAsyncBoundary());

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.WithAttributes(Attributes attributes) => WithAttributes(attributes);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.AddAttributes(Attributes attributes) => AddAttributes(attributes);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.Named(string name) => Named(name);

    IGraph<FlowShape<TIn, TOut>, TMat> IGraph<FlowShape<TIn, TOut>, TMat>.Async() => Async();
}
