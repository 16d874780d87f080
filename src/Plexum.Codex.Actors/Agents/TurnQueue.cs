using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Plexum.Codex.Recovery;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>A turn that was accepted.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Prompt">The checked prompt.</param>
/// <param name="Model">The value of <c>--model</c>, or null.</param>
/// <param name="Submitter">Who hears of its start and end.</param>
internal sealed record QueuedTurn(TurnId TurnId, TurnRequest Request, Prompt Prompt, string? Model, IActorRef Submitter)
{
    /// <summary>Whether an earlier process of this program had it; then it may have a directory and a log.</summary>
    public bool IsTakenUp { get; init; }

    /// <summary>Its codex that was found, to be taken over instead of starting one.</summary>
    public FoundTurn.Started? Found { get; init; }

    /// <summary>Why it can run no longer, though it was accepted once.</summary>
    public TurnRefusal? Refusal { get; init; }
}

/// <summary>The turns of one agent that wait: first in, first out, and not more than a limit.</summary>
internal sealed class TurnQueue(int limit)
{
    private readonly LinkedList<QueuedTurn> _turns = new();

    public int Count => _turns.Count;

    public bool IsFull => Count >= limit;

    public QueuedTurn? Head => _turns.First?.Value;

    public ImmutableArray<TurnId> Ids => [.. _turns.Select(turn => turn.TurnId)];

    public void Add(QueuedTurn turn) => _turns.AddLast(turn);

    public bool TryTake([NotNullWhen(true)] out QueuedTurn? turn)
    {
        turn = _turns.First?.Value;
        if (turn is not null)
        {
            _turns.RemoveFirst();
        }

        return turn is not null;
    }

    /// <summary>Takes a turn out of the middle.</summary>
    public bool TryRemove(TurnId id, [NotNullWhen(true)] out QueuedTurn? turn)
    {
        turn = _turns.FirstOrDefault(candidate => candidate.TurnId == id);
        return turn is not null && _turns.Remove(turn);
    }
}
