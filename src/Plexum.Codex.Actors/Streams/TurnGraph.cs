using Akka;
using Akka.Streams.Dsl;

namespace Plexum.Codex.Streams;

/// <summary>
/// The stream of a turn: codex's stdout, as it grows, through framing, decoding and mapping into the turn's log. Its elements are
/// whole reads, not events, so that what a stage costs is paid once for hundreds of events. Demand of the sink is what makes it
/// read; it completes when the tail was told that codex has exited and all is read, and cancelling it ends the wait for more.
/// </summary>
public static class TurnGraph
{
    /// <summary>The stream of one process of codex. It can be run once.</summary>
    /// <param name="tail">codex's stdout; the caller closes it when the stream has ended.</param>
    /// <param name="mapper">The turn's mapper; not to be used elsewhere until the stream has ended.</param>
    /// <param name="record">Writes a batch down. Nothing more is read before it has returned; what it throws fails the stream.</param>
    public static Source<EventBatch, NotUsed> Create(FileTail tail, TurnMapper mapper, Action<EventBatch> record) =>
        Source.From(() => TurnOutput.ReadAsync(tail, mapper))
            .Select(batch =>
            {
                record(batch);
                return batch;
            });
}
