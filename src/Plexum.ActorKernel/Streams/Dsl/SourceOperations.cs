using Akka.Util;

namespace Akka.Streams.Dsl;

/// <summary>
/// The operators of sources. Where an operator calls a function that was given to it and the function throws, the
/// decider of <see cref="ActorAttributes.CreateSupervisionStrategy"/> says what happens; without one the stream fails.
/// </summary>
public static class SourceOperations
{
    /// <summary>Makes another element of each one.</summary>
    public static Source<TOut, TMat> Select<TIn, TOut, TMat>(this Source<TIn, TMat> flow, Func<TIn, TOut> mapper) =>
        flow.Via(Operators.Select(mapper));

    /// <summary>Passes on the elements for which the predicate holds.</summary>
    public static Source<TOut, TMat> Where<TOut, TMat>(this Source<TOut, TMat> flow, Predicate<TOut> predicate) =>
        flow.Via(Operators.Where(predicate));

    /// <summary>Makes any number of elements of each one.</summary>
    public static Source<TOut2, TMat> SelectMany<TOut1, TOut2, TMat>(
        this Source<TOut1, TMat> flow, Func<TOut1, IEnumerable<TOut2>> mapConcater) => flow.Via(Operators.SelectMany(mapConcater));

    /// <summary>
    /// Makes any number of elements of each one by a function that may remember what it has seen; each run asks for a
    /// function of its own, and restarting asks for a new one.
    /// </summary>
    public static Source<TOut2, TMat> StatefulSelectMany<TOut1, TOut2, TMat>(
        this Source<TOut1, TMat> flow, Func<Func<TOut1, IEnumerable<TOut2>>> mapConcaterFactory) =>
        flow.Via(Operators.StatefulSelectMany(mapConcaterFactory));

    /// <summary>
    /// Makes a task of each element and passes on their results in the order of the elements, with at most
    /// <paramref name="parallelism"/> tasks and results kept at a time. A failed task fails the stream with the task's
    /// <see cref="AggregateException"/>, unless the decider says otherwise.
    /// </summary>
    public static Source<TOut, TMat> SelectAsync<TIn, TOut, TMat>(
        this Source<TIn, TMat> flow, int parallelism, Func<TIn, Task<TOut>> asyncMapper) =>
        flow.Via(Operators.SelectAsync(parallelism, asyncMapper));

    /// <summary>As <see cref="SelectAsync{TIn, TOut, TMat}"/>, but results are passed on as they come.</summary>
    public static Source<TOut, TMat> SelectAsyncUnordered<TIn, TOut, TMat>(
        this Source<TIn, TMat> flow, int parallelism, Func<TIn, Task<TOut>> asyncMapper) =>
        flow.Via(Operators.SelectAsyncUnordered(parallelism, asyncMapper));

    /// <summary>The first <paramref name="n"/> elements; upstream is cancelled after them.</summary>
    public static Source<TOut, TMat> Take<TOut, TMat>(this Source<TOut, TMat> flow, long n) => flow.Via(Operators.Take<TOut>(n));

    /// <summary>
    /// The elements up to the first one for which the predicate does not hold, and that one too if
    /// <paramref name="inclusive"/>; upstream is cancelled then.
    /// </summary>
    public static Source<TOut, TMat> TakeWhile<TOut, TMat>(
        this Source<TOut, TMat> flow, Predicate<TOut> predicate, bool inclusive = false) =>
        flow.Via(Operators.TakeWhile(predicate, inclusive));

    /// <summary>Groups of <paramref name="n"/> elements; the last one may be smaller.</summary>
    public static Source<IEnumerable<TOut>, TMat> Grouped<TOut, TMat>(this Source<TOut, TMat> flow, int n) =>
        flow.Via(Operators.Grouped<TOut>(n));

    /// <summary>
    /// Completes with one more element instead of failing, if the function has one for the error. An element that is
    /// already on its way is passed on before.
    /// </summary>
    public static Source<TOut, TMat> Recover<TOut, TMat>(this Source<TOut, TMat> flow, Func<Exception, Option<TOut>> partialFunc) =>
        flow.Via(Operators.Recover(partialFunc));

    /// <summary>Folds all elements into one, which is passed on when upstream completes.</summary>
    public static Source<TOut2, TMat> Aggregate<TOut1, TOut2, TMat>(
        this Source<TOut1, TMat> flow, TOut2 zero, Func<TOut2, TOut1, TOut2> fold) => flow.Via(Operators.Aggregate(zero, fold));

    /// <summary>Takes up to <paramref name="size"/> elements before downstream wants them; the strategy says what a full buffer does.</summary>
    public static Source<TOut, TMat> Buffer<TOut, TMat>(this Source<TOut, TMat> flow, int size, OverflowStrategy strategy) =>
        flow.Via(Operators.Buffer<TOut>(size, strategy));

    /// <summary>
    /// Hands out a task that ends with the stream at this place: done when it completes or is cancelled, failed when it fails.
    /// </summary>
    public static Source<TOut, TMat2> WatchTermination<TOut, TMat, TMat2>(
        this Source<TOut, TMat> flow, Func<TMat, Task<Done>, TMat2> materializerFunction) =>
        flow.ViaMaterialized(Operators.WatchTermination<TOut>(), materializerFunction);
}
