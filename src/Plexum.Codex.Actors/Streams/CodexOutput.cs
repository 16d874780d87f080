using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Akka.Streams.Dsl;
using Plexum.Codex.Agents;

namespace Plexum.Codex.Streams;

/// <summary>
/// Runs <see cref="TurnGraph"/> for an actor, which hears of codex's progress and of the stream's end.
/// </summary>
internal static class CodexOutput
{
    /// <summary>Runs the graph. <paramref name="owner"/> gets <see cref="OutputProgress"/>, and at the end <see cref="OutputRead"/> or <see cref="OutputFailed"/>.</summary>
    public static void Read(FileTail tail, PreparedTurn turn, IActorRef owner, IMaterializer materializer)
    {
        var told = default(TurnProgress);
        TurnGraph.Create(tail, turn.Mapper!, turn.Recorder!.Record)
            .Select(batch => batch.Progress)
            .Where(progress => progress.IsCompleted != told.IsCompleted || progress.IsFailed != told.IsFailed)
            .RunForeach(
                progress =>
                {
                    told = progress;
                    owner.Tell(new OutputProgress(progress), ActorRefs.NoSender);
                },
                materializer)
            .PipeTo(owner, success: () => OutputRead.Instance, failure: e => new OutputFailed(e));
    }
}

/// <summary>codex has told the end of the turn.</summary>
internal sealed record OutputProgress(TurnProgress Progress) : IDeadLetterSuppression;

/// <summary>All of codex's output is in the log.</summary>
internal sealed record OutputRead : IDeadLetterSuppression
{
    public static OutputRead Instance { get; } = new();
}

/// <summary>codex's output could not be read or written down.</summary>
internal sealed record OutputFailed(Exception Cause) : IDeadLetterSuppression;
