using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Running;

/// <summary>Runs <see cref="TurnGraph"/> for an actor and reports codex's progress and the stream's end to it.</summary>
internal static class CodexOutput
{
    /// <summary>
    /// Runs the graph. <paramref name="sink"/> receives the events and answers each batch before the next is read.
    /// <paramref name="owner"/> receives <see cref="CodexProcessProtocol.OutputProgress"/>, and at the end
    /// <see cref="CodexProcessProtocol.OutputRead"/> or <see cref="CodexProcessProtocol.OutputFailed"/>.
    /// </summary>
    public static void Read(
        FileTail tail,
        TurnMapper mapper,
        IActorRef sink,
        IActorRef owner,
        IMaterializer materializer,
        CancellationToken gone
    )
    {
        ThreadId? named = null;
        var told = default(TurnProgress);
        TurnGraph
            .Create(tail, mapper, KeepAsync)
            .Select(batch => batch.Progress)
            .Where(progress => progress.IsCompleted != told.IsCompleted || progress.IsFailed != told.IsFailed)
            .RunForeach(
                progress =>
                {
                    told = progress;
                    owner.Tell(new CodexProcessProtocol.OutputProgress(progress), ActorRefs.NoSender);
                },
                materializer
            )
            .PipeTo(
                owner,
                success: () => CodexProcessProtocol.OutputRead.Instance,
                failure: e => new CodexProcessProtocol.OutputFailed(e.Message)
            );

        // The thread goes first, so that a turn with visible events can also be resumed.
        async Task KeepAsync(EventBatch batch)
        {
            if (batch.Progress.Thread is { } thread && thread != named)
            {
                named = thread;
                sink.Tell(new CodexBackendProtocol.ThreadNamed(thread), ActorRefs.NoSender);
            }

            if (
                !batch.Events.IsEmpty
                && await sink.Ask<CodexBackendProtocol.IEventsAnswer>(new CodexBackendProtocol.Events(batch.Events), gone)
                    .ConfigureAwait(false)
                    is CodexBackendProtocol.EventsLost lost
            )
            {
                throw new IOException(lost.Reason);
            }
        }
    }

    /// <summary>Logs what was in the output that codex should not have printed, or that this program does not know.</summary>
    public static void LogFlaws(TurnMapper mapper, TurnId turn, ILoggingAdapter log)
    {
        // The lines themselves are not logged: they may contain what the user wrote.
        var counts = mapper.Progress.Counts;
        if (counts.UnreadableLines + counts.TooLongLines > 0)
        {
            log.Warning(
                "codex: unparseable JSONL line unreadable={Unreadable} too_long={TooLong} turn={TurnId}",
                counts.UnreadableLines,
                counts.TooLongLines,
                turn
            );
        }

        if (counts.MixedLines > 0)
        {
            log.Info(
                "codex: events between other output lines={Lines} skipped_bytes={Bytes} turn={TurnId}",
                counts.MixedLines,
                counts.SkippedBytes,
                turn
            );
        }

        if (counts.UnknownEvents + counts.UnknownItems > 0)
        {
            log.Debug(
                "codex unknown event types={Types} events={Events} items={Items} turn={TurnId}",
                string.Join(',', mapper.UnknownTypes),
                counts.UnknownEvents,
                counts.UnknownItems,
                turn
            );
        }
    }
}
