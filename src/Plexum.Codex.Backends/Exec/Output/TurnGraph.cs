using System.Runtime.CompilerServices;
using Akka;
using Akka.Streams.Dsl;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Exec.Output;

/// <summary>
/// The stream of a turn: it frames, decodes and maps codex's stdout as it grows, and writes the events to the turn's log. Its elements
/// are whole reads, not events, so the cost of a stage is shared by hundreds of events. It reads on demand of the sink. It completes
/// when the tail knows that codex has exited and everything has been read; cancelling it ends the wait for more output.
/// </summary>
public static class TurnGraph
{
    /// <summary>The stream of one codex process. It can be run once.</summary>
    /// <param name="tail">codex's stdout; the caller closes it when the stream has ended.</param>
    /// <param name="mapper">The turn's mapper; do not use it elsewhere until the stream has ended.</param>
    /// <param name="keep">Writes a batch to the log. The next read waits for it; its failure fails the stream.</param>
    public static Source<EventBatch, NotUsed> Create(FileTail tail, TurnMapper mapper, Func<EventBatch, Task> keep) =>
        Source.From(() => ReadAsync(tail, mapper, keep));

    // A loop instead of a stage: Akka's SelectAsync completed streams early when tasks ended on other threads.
    private static async IAsyncEnumerable<EventBatch> ReadAsync(
        FileTail tail,
        TurnMapper mapper,
        Func<EventBatch, Task> keep,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        await foreach (var batch in TurnOutput.ReadAsync(tail, mapper, cancellationToken).ConfigureAwait(false))
        {
            await keep(batch).ConfigureAwait(false);
            yield return batch;
        }
    }
}
