using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>
/// What the daemon knows of turns and agents across its own death. Everything asked of it is durable when its task completes;
/// <see cref="Started"/> and <see cref="Ended"/> are written in the order of the calls, as soon as can be. Safe for any thread.
/// </summary>
/// <remarks>Order is the order of acceptance (<see cref="TurnEntry.Number"/>), never the clock's.</remarks>
public interface ITurnLedger : IAsyncDisposable
{
    /// <summary>Takes a turn in. Once the task is complete, the turn survives the program and the machine.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="request">What is asked for; kept until the turn ends.</param>
    /// <param name="idempotencyKey">The host's own name of the request, unique within the agent; null for none.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellation">Gives up waiting; the turn may have been taken in all the same.</param>
    /// <returns>The turn, or the earlier one of the same agent with the same key.</returns>
    /// <exception cref="LedgerUnavailableException">Nothing was taken in; the message says why and what to do.</exception>
    Task<LedgerReceipt> AcceptAsync(
        TurnId turn, TurnRequest request, string? idempotencyKey, DateTimeOffset at, CancellationToken cancellation = default);

    /// <summary>The turn that the request's agent has for this idempotency key, or null.</summary>
    Task<LedgerReceipt?> FindByKeyAsync(TurnRequest request, string key);

    /// <summary>Notes that a turn is being carried out. Kept and tried again for as long as it cannot be written.</summary>
    void Started(TurnId turn, DateTimeOffset at);

    /// <summary>Notes how a turn ended; only the first end of a turn counts. Kept and tried again for as long as it cannot be written.</summary>
    void Ended(TurnId turn, TurnOutcome outcome);

    /// <summary>Completes when all that was noted before is durable.</summary>
    Task FlushAsync(CancellationToken cancellation = default);

    /// <summary>A turn, or null for one that was never accepted or is forgotten.</summary>
    Task<TurnEntry?> FindTurnAsync(TurnId turn);

    /// <summary>
    /// The turns of a node that are not over, in the order of acceptance; of each agent the running one first. A turn without an
    /// owner was accepted before owners were noted, and counts for every node.
    /// </summary>
    /// <param name="owner">The node that accepted them; <see cref="TurnOwner.Local"/> where there is only one.</param>
    Task<ImmutableArray<UnfinishedTurn>> UnfinishedAsync(string owner);

    /// <summary>How many turns are not over.</summary>
    Task<OpenTurns> OpenTurnsAsync();

    /// <summary>Turns, the newest first.</summary>
    Task<ImmutableArray<TurnEntry>> TurnsAsync(TurnFilter filter);

    /// <summary>Agents in the order of their names.</summary>
    /// <param name="after">The last one of the page before, or null.</param>
    /// <param name="limit">How many at most.</param>
    Task<ImmutableArray<AgentEntry>> AgentsAsync(AgentId? after, int limit);

    /// <summary>An agent, or null for one that never had a turn.</summary>
    Task<AgentEntry?> FindAgentAsync(AgentId agent);

    /// <summary>What was used on each day (UTC, by the turns' ends), oldest first; days without a turn are left out.</summary>
    /// <param name="agent">The agent, or null for all together.</param>
    /// <param name="from">The first day.</param>
    /// <param name="to">The last day.</param>
    Task<ImmutableArray<DayUsage>> UsageAsync(AgentId? agent, DateOnly from, DateOnly to);

    /// <summary>Ended turns whose files are still there, in the order of acceptance.</summary>
    /// <param name="after">The <see cref="TurnEntry.Number"/> of the last one of the page before, or 0.</param>
    /// <param name="limit">How many at most.</param>
    Task<ImmutableArray<TurnEntry>> EndedWithFilesAsync(long after, int limit);

    /// <summary>Notes how much room the files of ended turns take, so that they are measured once.</summary>
    Task NoteFilesAsync(IReadOnlyCollection<(TurnId Turn, long Bytes)> measured);

    /// <summary>Notes that the files of ended turns are gone.</summary>
    Task NoteFilesRemovedAsync(IReadOnlyCollection<TurnId> turns);

    /// <summary>Forgets ended turns whose files are gone. Agents and the usage by day stay.</summary>
    /// <param name="endedBefore">Only turns that ended earlier.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>How many were forgotten.</returns>
    Task<int> ForgetTurnsAsync(DateTimeOffset endedBefore, int limit);
}
