using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Backend;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts;

/// <summary>All that crosses the border of <see cref="RolloutActor"/>. Every question has one answer, which goes to its sender.</summary>
internal static partial class RolloutProtocol
{
    /// <summary>Asks where the rollout of a thread ends, before codex is started. The answer is <see cref="StartNoted"/>.</summary>
    /// <param name="TurnId">The turn that is about to begin.</param>
    /// <param name="Thread">The thread that it resumes.</param>
    public sealed record NoteStart(TurnId TurnId, ThreadId Thread);

    /// <summary>Where the turn's part of the rollout will begin.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Mark">The place; null when the thread has no rollout that can be read.</param>
    public sealed record StartNoted(TurnId TurnId, RolloutMark? Mark) : IDeadLetterSuppression;

    /// <summary>Reads what a turn has added to a rollout, after codex has exited. The answer is <see cref="TurnRead"/>.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Thread">The thread in which codex worked.</param>
    /// <param name="ResumedThread">The thread that it was to go on in, or null for a new one.</param>
    /// <param name="Mark">The place that was noted at the turn's start.</param>
    /// <param name="Turn">Gets the tool calls as <see cref="CodexBackendProtocol.Events"/>, and answers each.</param>
    public sealed record ReadTurn(
        TurnId TurnId, ThreadId Thread, ThreadId? ResumedThread, RolloutMark? Mark, IActorRef Turn);

    /// <summary>The turn's tool calls are written down; this is what else the rollout says of it.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="Findings">What it says.</param>
    public sealed record TurnRead(TurnId TurnId, RolloutFindings Findings) : IDeadLetterSuppression;
}
