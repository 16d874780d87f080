using Akka.Actor;
using Akka.Streams.Implementation;

namespace Akka.Streams.Dsl;

/// <summary>A graph from which elements come. Nothing happens until it is joined to a sink and run.</summary>
/// <typeparam name="TOut">The elements.</typeparam>
/// <typeparam name="TMat">The value that each run hands out.</typeparam>
public sealed class Source<TOut, TMat> : IGraph<SourceShape<TOut>, TMat>, ILaidOut
{
    private readonly Layout _layout;

    internal Source(Layout layout) => _layout = layout;

    Layout ILaidOut.Layout => _layout;

    /// <summary>Appends a flow and keeps this source's value.</summary>
    public Source<T2, TMat> Via<T2, TMat2>(IGraph<FlowShape<TOut, T2>, TMat2> flow) => new(_layout.Then(Layout.Of(flow)));

    /// <summary>Appends a flow and makes one value of the two.</summary>
    public Source<TOut2, TMat3> ViaMaterialized<TOut2, TMat2, TMat3>(
        IGraph<FlowShape<TOut, TOut2>, TMat2> flow, Func<TMat, TMat2, TMat3> combine) =>
        new(_layout.Then(Layout.Of(flow), (left, right) => combine((TMat)left, (TMat2)right)!));

    /// <summary>Joins a sink and keeps this source's value.</summary>
    public IRunnableGraph<TMat> To<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink) => new RunnableGraph<TMat>(_layout.Then(Layout.Of(sink)));

    /// <summary>Joins a sink and makes one value of the two.</summary>
    public IRunnableGraph<TMat3> ToMaterialized<TMat2, TMat3>(
        IGraph<SinkShape<TOut>, TMat2> sink, Func<TMat, TMat2, TMat3> combine) =>
        new RunnableGraph<TMat3>(_layout.Then(Layout.Of(sink), (left, right) => combine((TMat)left, (TMat2)right)!));

    /// <summary>The same source with its materialized value made into another one.</summary>
    public Source<TOut, TMat2> MapMaterializedValue<TMat2>(Func<TMat, TMat2> mapFunc) => new(_layout.MapValue(value => mapFunc((TMat)value)!));

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.WithAttributes"/>
    public Source<TOut, TMat> WithAttributes(Attributes attributes) => new(_layout.With(attributes));

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.AddAttributes"/>
    public Source<TOut, TMat> AddAttributes(Attributes attributes) => WithAttributes(_layout.Attributes.And(attributes));

    /// <inheritdoc cref="IGraph{TShape, TMaterialized}.Named"/>
    public Source<TOut, TMat> Named(string name) => AddAttributes(Attributes.CreateName(name));

    /// <summary>Everything up to here runs concurrently with what follows; between them lies a bounded buffer.</summary>
    public Source<TOut, TMat> Async() => AddAttributes(Attributes.CreateAsyncBoundary());

    /// <summary>Joins a sink, starts a run and returns the sink's value.</summary>
    public TMat2 RunWith<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink, IMaterializer materializer) =>
        ToMaterialized(sink, Keep.Right).Run(materializer);

    /// <inheritdoc cref="RunWith{TMat2}(IGraph{SinkShape{TOut}, TMat2}, IMaterializer)"/>
    public TMat2 RunWith<TMat2>(IGraph<SinkShape<TOut>, TMat2> sink, ActorSystem materializer) =>
        ToMaterialized(sink, Keep.Right).Run(materializer);

    /// <summary>Runs the source and folds its elements; the task has the result when the source completes, or its failure.</summary>
    public Task<TOut2> RunAggregate<TOut2>(TOut2 zero, Func<TOut2, TOut, TOut2> aggregate, IMaterializer materializer) =>
        RunWith(Sink.Aggregate(zero, aggregate), materializer);

    /// <inheritdoc cref="RunAggregate{TOut2}(TOut2, Func{TOut2, TOut, TOut2}, IMaterializer)"/>
    public Task<TOut2> RunAggregate<TOut2>(TOut2 zero, Func<TOut2, TOut, TOut2> aggregate, ActorSystem materializer) =>
        RunWith(Sink.Aggregate(zero, aggregate), materializer);

    /// <summary>Runs the source and calls the action for each element; the task ends with the stream.</summary>
    public Task RunForeach(Action<TOut> action, IMaterializer materializer) => RunWith(Sink.ForEach(action), materializer);

    /// <inheritdoc cref="RunForeach(Action{TOut}, IMaterializer)"/>
    public Task RunForeach(Action<TOut> action, ActorSystem materializer) => RunWith(Sink.ForEach(action), materializer);

    IGraph<SourceShape<TOut>, TMat> IGraph<SourceShape<TOut>, TMat>.WithAttributes(Attributes attributes) => WithAttributes(attributes);

    IGraph<SourceShape<TOut>, TMat> IGraph<SourceShape<TOut>, TMat>.AddAttributes(Attributes attributes) => AddAttributes(attributes);

    IGraph<SourceShape<TOut>, TMat> IGraph<SourceShape<TOut>, TMat>.Named(string name) => Named(name);

    IGraph<SourceShape<TOut>, TMat> IGraph<SourceShape<TOut>, TMat>.Async() => Async();
}
