using System.Runtime.CompilerServices;
using Akka;
using Akka.Streams.Dsl;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Exec.Output;

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
    /// <param name="keep">Has a batch written down. Nothing more is read before it has completed; its failure fails the stream.</param>
    public static Source<EventBatch, NotUsed> Create(FileTail tail, TurnMapper mapper, Func<EventBatch, Task> keep) =>
        Source.From(() => ReadAsync(tail, mapper, keep));

    // A loop and no stage: Akka's SelectAsync has completed streams early when tasks ended on other threads.
    private static async IAsyncEnumerable<EventBatch> ReadAsync(
        FileTail tail, TurnMapper mapper, Func<EventBatch, Task> keep, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in TurnOutput.ReadAsync(tail, mapper, cancellationToken).ConfigureAwait(false))
        {
            await keep(batch).ConfigureAwait(false);
            yield return batch;
        }
    }
}
