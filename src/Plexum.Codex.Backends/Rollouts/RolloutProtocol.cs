using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>The messages of <see cref="RolloutActor"/>. Every request gets one reply, which goes to its sender.</summary>
public static partial class RolloutProtocol
{
    /// <summary>Asks where the rollout of a thread ends, before codex starts. The reply is <see cref="StartNoted"/>.</summary>
    /// <param name="TurnId">The turn that is about to start.</param>
    /// <param name="Thread">The thread that it resumes.</param>
    public sealed record NoteStart(TurnId TurnId, ThreadId Thread);

    /// <summary>Where the turn's part of the rollout will begin.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Mark">The position; null when the thread has no readable rollout.</param>
    public sealed record StartNoted(TurnId TurnId, RolloutMark? Mark) : IDeadLetterSuppression;

    /// <summary>Reads what a turn added to a rollout, after codex has exited. The reply is <see cref="TurnRead"/>.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Thread">The thread in which codex worked.</param>
    /// <param name="ResumedThread">The thread that it was asked to resume, or null for a new one.</param>
    /// <param name="Mark">The position recorded before codex started.</param>
    /// <param name="Turn">Receives the tool calls as <see cref="CodexBackendProtocol.Events"/> and replies to each batch.</param>
    public sealed record ReadTurn(TurnId TurnId, ThreadId Thread, ThreadId? ResumedThread, RolloutMark? Mark, IActorRef Turn)
    {
        /// <summary>The ids of the calls that the turn's log has already.</summary>
        public ImmutableHashSet<string> Told { get; init; } = [];

        /// <summary>
        /// Codex's id of the turn, if other turns may have followed it in the thread: they are not read. Null if none has.
        /// </summary>
        public string? CodexTurn { get; init; }
    }

    /// <summary>Reads the finished calls that codex has recorded in a turn that goes on. The reply is <see cref="CallsRead"/>.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Thread">The thread in which codex works.</param>
    /// <param name="From">The first byte to read, where a record begins.</param>
    /// <param name="Told">The ids of the calls that the turn's log has already.</param>
    /// <param name="Turn">Receives the tool calls as <see cref="CodexBackendProtocol.Events"/> and replies to each batch.</param>
    public sealed record ReadCalls(TurnId TurnId, ThreadId Thread, long From, ImmutableHashSet<string> Told, IActorRef Turn);

    /// <summary>The finished calls are in the turn's log.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Told">The ids of the calls that the log has now.</param>
    /// <param name="Next">Where to read on; before it is no call that is not told.</param>
    public sealed record CallsRead(TurnId TurnId, ImmutableHashSet<string> Told, long Next) : IDeadLetterSuppression;

    /// <summary>The turn's tool calls are in its log; this is what else the rollout says about it.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Findings">The findings.</param>
    public sealed record TurnRead(TurnId TurnId, RolloutFindings Findings) : IDeadLetterSuppression;
}
