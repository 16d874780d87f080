using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>What an agent does one after the other.</summary>
internal abstract record QueuedWork;

/// <summary>A turn that was accepted.</summary>
/// <param name="Turn">What is to be run.</param>
internal sealed record QueuedTurn(TurnToRun Turn) : QueuedWork
{
    public TurnId TurnId => Turn.TurnId;

    /// <summary>What an earlier process of this program started, to be continued; null for a turn that starts now.</summary>
    public TurnHold? Hold { get; init; }

    /// <summary>Why it can no longer run, though it was accepted once.</summary>
    public TurnRefusal? Refusal { get; init; }
}

/// <summary>A consume that was asked for.</summary>
/// <param name="Operation">Tells it from others.</param>
/// <param name="Command">What was asked.</param>
/// <param name="Sender">Who gets the answer.</param>
internal sealed record QueuedConsume(long Operation, AgentProtocol.Consume Command, IActorRef Sender) : QueuedWork;

/// <summary>What waits for one agent: first in, first out, and not more than a limit.</summary>
internal sealed class TurnQueue(int limit)
{
    private readonly LinkedList<QueuedWork> _work = new();

    /// <summary>How many turns wait.</summary>
    public int Count => Turns.Count();

    public bool IsFull => _work.Count >= limit;

    public QueuedWork? Head => _work.First?.Value;

    /// <summary>The turns' ids in their order.</summary>
    public ImmutableArray<TurnId> Ids => [.. Turns.Select(turn => turn.TurnId)];

    /// <summary>The turns in their order.</summary>
    public IEnumerable<QueuedTurn> Turns => _work.OfType<QueuedTurn>();

    public void Add(QueuedWork work) => _work.AddLast(work);

    /// <summary>Takes the first one.</summary>
    public bool TryTake([NotNullWhen(true)] out QueuedWork? work)
    {
        work = Head;
        if (work is not null)
        {
            _work.RemoveFirst();
        }

        return work is not null;
    }

    /// <summary>Takes a turn out of the middle.</summary>
    public bool TryRemove(TurnId id, [NotNullWhen(true)] out QueuedTurn? turn)
    {
        turn = Turns.FirstOrDefault(candidate => candidate.TurnId == id);
        return turn is not null && _work.Remove(turn);
    }
}
