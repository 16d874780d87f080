using Akka.Actor;
using Akka.Streams.Implementation;
using Akka.Util;

namespace Akka.Streams.Dsl;

/// <summary>Makes sources.</summary>
public static class Source
{
    /// <summary>
    /// The elements of an enumerable, walked anew by each run. The walk is one element ahead of what downstream has
    /// asked for, so that the end is known with the last element. What the enumerable throws fails the stream.
    /// </summary>
    public static Source<T, NotUsed> From<T>(IEnumerable<T> enumerable)
    {
        ArgumentNullException.ThrowIfNull(enumerable);
        return Of<T>("enumerableSource", attributes => new EnumerableLogic<T>(enumerable, attributes));
    }

    /// <summary>
    /// The elements of an asynchronous enumerable, of which each run asks a new one. Its token is cancelled when the
    /// stream ends, and it is disposed then. What it throws fails the stream.
    /// </summary>
    public static Source<T, NotUsed> From<T>(Func<IAsyncEnumerable<T>> asyncEnumerable)
    {
        ArgumentNullException.ThrowIfNull(asyncEnumerable);
        return Of<T>("asyncEnumerableSource", _ => new AsyncEnumerableLogic<T>(asyncEnumerable()));
    }

    /// <summary>What is read from a channel; see <see cref="ChannelSource.FromReader{T}"/>.</summary>
    public static Source<T, NotUsed> ChannelReader<T>(System.Threading.Channels.ChannelReader<T> channelReader) =>
        ChannelSource.FromReader(channelReader);

    /// <summary>One element.</summary>
    public static Source<T, NotUsed> Single<T>(T element) => Of<T>("singleSource", _ => new SingleLogic<T>(element));

    /// <summary>No element: it completes at once.</summary>
    public static Source<T, NotUsed> Empty<T>() => Of<T>("emptySource", static _ => new EmptyLogic<T>());

    /// <summary>No element: it fails at once.</summary>
    public static Source<T, NotUsed> Failed<T>(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return Of<T>("failedSource", _ => new FailedLogic<T>(cause));
    }

    /// <summary>No element and no end.</summary>
    public static Source<T, NotUsed> Never<T>() => Of<T>("neverSource", static _ => new NeverLogic<T>());

    /// <summary>One element, again and again.</summary>
    public static Source<T, NotUsed> Repeat<T>(T element) => Of<T>("repeat", _ => new RepeatLogic<T>(element));

    /// <summary>
    /// One element after the initial delay and then after each interval, by the clock of the system's scheduler. A tick
    /// that finds no demand is dropped. Each run hands out what ends it.
    /// </summary>
    public static Source<T, ICancelable> Tick<T>(TimeSpan initialDelay, TimeSpan interval, T tick) =>
        new(Layout.Stage("tickSource", _ => new TickLogic<T>(initialDelay, interval, tick)));

    /// <summary>Elements made one by one of a state; it completes when the function gives none.</summary>
    public static Source<TElem, NotUsed> Unfold<TState, TElem>(TState state, Func<TState, Option<(TState, TElem)>> unfold) =>
        Of<TElem>("unfold", _ => new UnfoldLogic<TState, TElem>(state, unfold));

    /// <summary>Elements made one by one, asynchronously, of a state; it completes when the function gives none.</summary>
    public static Source<TElem, NotUsed> UnfoldAsync<TState, TElem>(
        TState state, Func<TState, Task<Option<(TState, TElem)>>> unfoldAsync) =>
        Of<TElem>("unfoldAsync", _ => new UnfoldAsyncLogic<TState, TElem>(state, unfoldAsync));

    /// <summary>Makes a source of a graph of that shape.</summary>
    public static Source<T, TMat> FromGraph<T, TMat>(IGraph<SourceShape<T>, TMat> source) =>
        source as Source<T, TMat> ?? new Source<T, TMat>(Layout.Of(source));

    private static Source<T, NotUsed> Of<T>(string name, StageFactory create) => new(Layout.Stage(name, create));
}
