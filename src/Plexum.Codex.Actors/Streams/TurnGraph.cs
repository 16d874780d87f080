using Akka;
using Akka.Streams.Dsl;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Streams;

/// <summary>One read of codex's output, with its events in the turn's log.</summary>
/// <param name="Batch">What was read.</param>
/// <param name="LastSeq">The number of the log's last event after them.</param>
public readonly record struct LoggedBatch(EventBatch Batch, long LastSeq);

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
    /// <param name="log">The turn's log.</param>
    public static Source<LoggedBatch, NotUsed> Create(FileTail tail, TurnMapper mapper, TurnLog log) =>
        Source.From(() => TurnOutput.ReadAsync(tail, mapper))
            .Select(batch => new LoggedBatch(batch, log.Append(batch.Events)));
}
