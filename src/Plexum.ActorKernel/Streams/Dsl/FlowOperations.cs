using Akka.Util;

namespace Akka.Streams.Dsl;

/// <summary>The operators of flows; each does what the operator of that name in <see cref="SourceOperations"/> does.</summary>
public static class FlowOperations
{
    /// <inheritdoc cref="SourceOperations.Select"/>
    public static Flow<T, TOut, TMat> Select<T, TIn, TOut, TMat>(this Flow<T, TIn, TMat> flow, Func<TIn, TOut> mapper) =>
        flow.Via(Operators.Select(mapper));

    /// <inheritdoc cref="SourceOperations.Where"/>
    public static Flow<TIn, TOut, TMat> Where<TIn, TOut, TMat>(this Flow<TIn, TOut, TMat> flow, Predicate<TOut> predicate) =>
        flow.Via(Operators.Where(predicate));

    /// <inheritdoc cref="SourceOperations.SelectMany"/>
    public static Flow<T, TOut, TMat> SelectMany<T, TIn, TOut, TMat>(
        this Flow<T, TIn, TMat> flow, Func<TIn, IEnumerable<TOut>> mapConcater) => flow.Via(Operators.SelectMany(mapConcater));

    /// <inheritdoc cref="SourceOperations.StatefulSelectMany"/>
    public static Flow<T, TOut, TMat> StatefulSelectMany<T, TIn, TOut, TMat>(
        this Flow<T, TIn, TMat> flow, Func<Func<TIn, IEnumerable<TOut>>> mapConcaterFactory) =>
        flow.Via(Operators.StatefulSelectMany(mapConcaterFactory));

    /// <inheritdoc cref="SourceOperations.SelectAsync"/>
    public static Flow<T, TOut, TMat> SelectAsync<T, TIn, TOut, TMat>(
        this Flow<T, TIn, TMat> flow, int parallelism, Func<TIn, Task<TOut>> asyncMapper) =>
        flow.Via(Operators.SelectAsync(parallelism, asyncMapper));

    /// <inheritdoc cref="SourceOperations.SelectAsyncUnordered"/>
    public static Flow<T, TOut, TMat> SelectAsyncUnordered<T, TIn, TOut, TMat>(
        this Flow<T, TIn, TMat> flow, int parallelism, Func<TIn, Task<TOut>> asyncMapper) =>
        flow.Via(Operators.SelectAsyncUnordered(parallelism, asyncMapper));

    /// <inheritdoc cref="SourceOperations.Take"/>
    public static Flow<TIn, TOut, TMat> Take<TIn, TOut, TMat>(this Flow<TIn, TOut, TMat> flow, long n) =>
        flow.Via(Operators.Take<TOut>(n));

    /// <inheritdoc cref="SourceOperations.TakeWhile"/>
    public static Flow<TIn, TOut, TMat> TakeWhile<TIn, TOut, TMat>(
        this Flow<TIn, TOut, TMat> flow, Predicate<TOut> predicate, bool inclusive = false) =>
        flow.Via(Operators.TakeWhile(predicate, inclusive));

    /// <inheritdoc cref="SourceOperations.Grouped"/>
    public static Flow<TIn, IEnumerable<TOut>, TMat> Grouped<TIn, TOut, TMat>(this Flow<TIn, TOut, TMat> flow, int n) =>
        flow.Via(Operators.Grouped<TOut>(n));

    /// <inheritdoc cref="SourceOperations.Recover"/>
    public static Flow<TIn, TOut, TMat> Recover<TIn, TOut, TMat>(
        this Flow<TIn, TOut, TMat> flow, Func<Exception, Option<TOut>> partialFunc) => flow.Via(Operators.Recover(partialFunc));

    /// <inheritdoc cref="SourceOperations.Aggregate"/>
    public static Flow<TIn, TOut2, TMat> Aggregate<TIn, TOut1, TOut2, TMat>(
        this Flow<TIn, TOut1, TMat> flow, TOut2 zero, Func<TOut2, TOut1, TOut2> fold) => flow.Via(Operators.Aggregate(zero, fold));

    /// <inheritdoc cref="SourceOperations.Buffer"/>
    public static Flow<TIn, TOut, TMat> Buffer<TIn, TOut, TMat>(
        this Flow<TIn, TOut, TMat> flow, int size, OverflowStrategy strategy) => flow.Via(Operators.Buffer<TOut>(size, strategy));

    /// <inheritdoc cref="SourceOperations.WatchTermination"/>
    public static Flow<TIn, TOut, TMat2> WatchTermination<TIn, TOut, TMat, TMat2>(
        this Flow<TIn, TOut, TMat> flow, Func<TMat, Task<Done>, TMat2> materializerFunction) =>
        flow.ViaMaterialized(Operators.WatchTermination<TOut>(), materializerFunction);
}
