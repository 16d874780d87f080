using System.Collections.Immutable;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>
/// What the daemon knows about turns and agents, kept across restarts. A write is durable when its task completes;
/// <see cref="Started"/> and <see cref="Ended"/> are written in the order of the calls, as soon as possible. Thread-safe.
/// </summary>
/// <remarks>Turns are ordered by acceptance (<see cref="TurnEntry.Number"/>), never by the clock.</remarks>
public interface ITurnLedger : IAsyncDisposable
{
    /// <summary>Accepts a turn. Once the task has completed, the turn survives a crash of the program or the machine.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">The request; kept until the turn ends.</param>
    /// <param name="idempotencyKey">The host's idempotency key, unique within the agent; null for none.</param>
    /// <param name="at">The time of acceptance.</param>
    /// <param name="cancellation">Cancels the wait; the turn may still have been accepted.</param>
    /// <returns>The turn, or the earlier one of the same agent with the same key.</returns>
    /// <exception cref="LedgerUnavailableException">The turn was not accepted; the message says why and what to do.</exception>
    Task<LedgerReceipt> AcceptAsync(
        TurnId turn,
        TurnRequest request,
        string? idempotencyKey,
        DateTimeOffset at,
        CancellationToken cancellation = default
    );

    /// <summary>The turn that the request's agent has for this idempotency key, or null.</summary>
    Task<LedgerReceipt?> FindByKeyAsync(TurnRequest request, string key);

    /// <summary>Records that a turn has started. Retried until it is written.</summary>
    void Started(TurnId turn, DateTimeOffset at);

    /// <summary>Records how a turn ended; only the first end of a turn counts. Retried until it is written.</summary>
    void Ended(TurnId turn, TurnOutcome outcome);

    /// <summary>Completes when everything recorded so far is durable.</summary>
    Task FlushAsync(CancellationToken cancellation = default);

    /// <summary>A turn, or null if it was never accepted or has been forgotten.</summary>
    Task<TurnEntry?> FindTurnAsync(TurnId turn);

    /// <summary>
    /// The unfinished turns of a node in the order of acceptance, except that an agent's running turn comes first. A turn without an
    /// owner was accepted before owners were recorded, and belongs to every node.
    /// </summary>
    /// <param name="owner">The node that accepted them; <see cref="TurnOwner.Local"/> if there is only one.</param>
    Task<ImmutableArray<UnfinishedTurn>> UnfinishedAsync(string owner);

    /// <summary>How many turns are unfinished.</summary>
    Task<OpenTurns> OpenTurnsAsync();

    /// <summary>Turns, newest first.</summary>
    Task<ImmutableArray<TurnEntry>> TurnsAsync(TurnFilter filter);

    /// <summary>Agents, ordered by name.</summary>
    /// <param name="after">The last agent of the previous page, or null.</param>
    /// <param name="limit">The maximum number of agents.</param>
    Task<ImmutableArray<AgentEntry>> AgentsAsync(AgentId? after, int limit);

    /// <summary>An agent, or null if it never had a turn.</summary>
    Task<AgentEntry?> FindAgentAsync(AgentId agent);

    /// <summary>The usage of each day (UTC, by the turns' ends), oldest first; days without a turn are omitted.</summary>
    /// <param name="agent">The agent, or null for all agents together.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day.</param>
    Task<ImmutableArray<DayUsage>> UsageAsync(AgentId? agent, DateOnly from, DateOnly to);

    /// <summary>Ended turns whose files still exist, in the order of acceptance.</summary>
    /// <param name="after">The <see cref="TurnEntry.Number"/> of the last turn of the previous page, or 0.</param>
    /// <param name="limit">The maximum number of turns.</param>
    Task<ImmutableArray<TurnEntry>> EndedWithFilesAsync(long after, int limit);

    /// <summary>Records the size of ended turns' files, so that they are measured once.</summary>
    Task NoteFilesAsync(IReadOnlyCollection<(TurnId Turn, long Bytes)> measured);

    /// <summary>Records that the files of ended turns have been deleted.</summary>
    Task NoteFilesRemovedAsync(IReadOnlyCollection<TurnId> turns);

    /// <summary>Forgets ended turns whose files have been deleted. Agents and the daily usage stay.</summary>
    /// <param name="endedBefore">Only turns that ended before this time.</param>
    /// <param name="limit">The maximum number of turns.</param>
    /// <returns>How many turns were forgotten.</returns>
    Task<int> ForgetTurnsAsync(DateTimeOffset endedBefore, int limit);
}
