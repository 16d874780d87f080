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
    public sealed record ReadTurn(TurnId TurnId, ThreadId Thread, ThreadId? ResumedThread, RolloutMark? Mark, IActorRef Turn);

    /// <summary>The turn's tool calls are in its log; this is what else the rollout says about it.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Findings">The findings.</param>
    public sealed record TurnRead(TurnId TurnId, RolloutFindings Findings) : IDeadLetterSuppression;
}
