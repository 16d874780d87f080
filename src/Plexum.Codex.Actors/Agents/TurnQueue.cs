using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Plexum.Codex.Recovery;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>What an agent does one after the other.</summary>
internal abstract record QueuedWork;

/// <summary>A turn that was accepted.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Request">What was asked.</param>
/// <param name="Prompt">The checked prompt.</param>
/// <param name="Model">The value of <c>--model</c>, or null.</param>
/// <param name="Submitter">Who hears of its start and end.</param>
internal sealed record QueuedTurn(TurnId TurnId, TurnRequest Request, Prompt Prompt, string? Model, IActorRef Submitter) : QueuedWork
{
    /// <summary>Who gets the calls of its tools.</summary>
    public IActorRef ToolHandler { get; init; } = Submitter;

    /// <summary>Whether an earlier process of this program had it; then it may have a directory and a log.</summary>
    public bool IsTakenUp { get; init; }

    /// <summary>Its codex that was found, to be taken over instead of starting one.</summary>
    public FoundTurn.Started? Found { get; init; }

    /// <summary>Why it can run no longer, though it was accepted once.</summary>
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

    /// <summary>The turns in their order.</summary>
    public ImmutableArray<TurnId> Ids => [.. Turns.Select(turn => turn.TurnId)];

    private IEnumerable<QueuedTurn> Turns => _work.OfType<QueuedTurn>();

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
