using System.Collections.Immutable;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Streams.Implementation;

namespace Akka.Streams.Dsl;

/// <summary>
/// Makes sinks. Where a sink hands out a task, it completes when the stream completes, fails as the stream fails, and
/// fails with <see cref="AbruptStageTerminationException"/> when the run is aborted.
/// </summary>
public static class Sink
{
    /// <summary>Calls the action for each element.</summary>
    public static Sink<TIn, Task<Done>> ForEach<TIn>(Action<TIn> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Flow.Create<TIn>()
            .Select(element =>
            {
                action(element);
                return NotUsed.Instance;
            })
            .ToMaterialized(Ignore<NotUsed>(), Keep.Right)
            .Named("foreachSink");
    }

    /// <summary>Calls the action for each element, with at most <paramref name="parallelism"/> of its tasks unfinished at a time.</summary>
    public static Sink<TIn, Task<Done>> ForEachAsync<TIn>(int parallelism, Func<TIn, Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Flow.Create<TIn>()
            .SelectAsyncUnordered(parallelism, async element =>
            {
                await action(element).ConfigureAwait(false);
                return NotUsed.Instance;
            })
            .ToMaterialized(Ignore<NotUsed>(), Keep.Right)
            .Named("foreachSink");
    }

    /// <summary>Drops every element.</summary>
    public static Sink<TIn, Task<Done>> Ignore<TIn>() => new(Layout.Stage("ignoreSink", static _ => new IgnoreLogic<TIn>()));

    /// <summary>Collects all elements; an endless stream takes endless memory.</summary>
    public static Sink<TIn, Task<IImmutableList<TIn>>> Seq<TIn>() => new(Layout.Stage("seqSink", static _ => new SeqLogic<TIn>()));

    /// <summary>The first element, with which the stream is cancelled; <see cref="NoSuchElementException"/> where there is none.</summary>
    public static Sink<TIn, Task<TIn>> First<TIn>() => new(Layout.Stage("firstSink", static _ => new FirstLogic<TIn>()));

    /// <summary>Folds all elements into one value.</summary>
    public static Sink<TIn, Task<TOut>> Aggregate<TIn, TOut>(TOut zero, Func<TOut, TIn, TOut> aggregate) =>
        Flow.Create<TIn>().Aggregate(zero, aggregate).ToMaterialized(First<TOut>(), Keep.Right).Named("aggregateSink");

    /// <summary>
    /// Sends the elements to an actor that sets the pace. The actor gets <paramref name="onInitMessage"/>, must answer
    /// it and each element with a message of the type of <paramref name="ackMessage"/> to be sent the next one, and gets
    /// <paramref name="onCompleteMessage"/> or what <paramref name="onFailureMessage"/> makes of the failure
    /// (<see cref="Status.Failure"/> where none is given) at the end. When the actor terminates, the stream is cancelled.
    /// </summary>
    public static Sink<TIn, NotUsed> ActorRefWithAck<TIn>(
        IActorRef actorRef, object onInitMessage, object ackMessage, object onCompleteMessage,
        Func<Exception, object>? onFailureMessage = null)
    {
        var target = new AckedActor(actorRef, onInitMessage, ackMessage, onCompleteMessage, onFailureMessage ?? (cause => new Status.Failure(cause)));
        return new Sink<TIn, NotUsed>(
            Layout.Stage("actorRefWithAckSink", attributes => new ActorRefWithAckLogic<TIn>(target, attributes)));
    }

    /// <summary>A sink that hands out a channel; see <see cref="ChannelSink.AsReader{T}"/>.</summary>
    public static Sink<T, ChannelReader<T>> ChannelReader<T>(
        int bufferSize, bool singleReader, BoundedChannelFullMode fullMode = BoundedChannelFullMode.Wait) =>
        ChannelSink.AsReader<T>(bufferSize, singleReader, fullMode);

    /// <summary>Makes a sink of a graph of that shape.</summary>
    public static Sink<TIn, TMat> FromGraph<TIn, TMat>(IGraph<SinkShape<TIn>, TMat> graph) =>
        graph as Sink<TIn, TMat> ?? new Sink<TIn, TMat>(Layout.Of(graph));
}
