using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>An item in an agent's queue.</summary>
internal abstract record QueuedWork;

/// <summary>An accepted turn.</summary>
/// <param name="Turn">The turn to run.</param>
internal sealed record QueuedTurn(TurnToRun Turn) : QueuedWork
{
    public TurnId TurnId => Turn.TurnId;

    /// <summary>The hold of a turn that an earlier process of this program started; null for one that starts now.</summary>
    public TurnHold? Hold { get; init; }

    /// <summary>Whether its readers were told that it waits for a slot.</summary>
    public bool IsToldOfWait { get; init; }

    /// <summary>Why it can no longer run although it was accepted; null if it can.</summary>
    public TurnRefusal? Refusal { get; init; }
}

/// <summary>A queued consume.</summary>
/// <param name="Operation">Its number, unique within the agent.</param>
/// <param name="Command">The request.</param>
/// <param name="Sender">Gets the answer.</param>
internal sealed record QueuedConsume(long Operation, AgentProtocol.Consume Command, IActorRef Sender) : QueuedWork;

/// <summary>The bounded FIFO queue of one agent.</summary>
internal sealed class TurnQueue(int limit)
{
    private readonly LinkedList<QueuedWork> _work = new();

    /// <summary>The number of queued turns.</summary>
    public int Count => Turns.Count();

    public bool IsFull => _work.Count >= limit;

    public QueuedWork? Head => _work.First?.Value;

    /// <summary>The ids of the queued turns, in order.</summary>
    public ImmutableArray<TurnId> Ids => [.. Turns.Select(turn => turn.TurnId)];

    /// <summary>The queued turns, in order.</summary>
    public IEnumerable<QueuedTurn> Turns => _work.OfType<QueuedTurn>();

    /// <summary>The queued consumes, in order.</summary>
    public IEnumerable<QueuedConsume> Consumes => _work.OfType<QueuedConsume>();

    public void Add(QueuedWork work) => _work.AddLast(work);

    /// <summary>Puts another item in the place of the first one.</summary>
    public void ReplaceHead(QueuedWork work) => _work.First!.Value = work;

    /// <summary>Removes and returns the first item.</summary>
    public bool TryTake([NotNullWhen(true)] out QueuedWork? work)
    {
        work = Head;
        if (work is not null)
        {
            _work.RemoveFirst();
        }

        return work is not null;
    }

    /// <summary>Removes a turn, wherever it is in the queue.</summary>
    public bool TryRemove(TurnId id, [NotNullWhen(true)] out QueuedTurn? turn)
    {
        turn = Turns.FirstOrDefault(candidate => candidate.TurnId == id);
        return turn is not null && _work.Remove(turn);
    }
}
