using Plexum.Codex.Client.Documents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api;

/// <summary>The lists of the ledger as documents, a page at a time: for a daemon's endpoints and for commands without a daemon.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="threads">What the profile knows of the agents' threads.</param>
internal sealed class LedgerPages(ITurnLedger ledger, AgentThreads threads)
{
    /// <summary>A page of turns, newest first.</summary>
    /// <param name="filter">Which turns; its limit is the length of the page.</param>
    /// <param name="describe">Describes a turn.</param>
    public async Task<TurnsDocument> TurnsAsync(TurnFilter filter, Func<TurnEntry, TurnDocument> describe)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var turns = await ledger.TurnsAsync(filter with { Limit = filter.Limit + 1 }).ConfigureAwait(false);
        var page = turns.Take(filter.Limit).Select(describe).ToArray();
        return new TurnsDocument([.. page], turns.Length > filter.Limit ? page[^1].Number : null);
    }

    /// <summary>A page of agents, by name.</summary>
    /// <param name="after">The last agent of the page before; null for the first page.</param>
    /// <param name="limit">The length of the page.</param>
    public async Task<AgentsDocument> AgentsAsync(AgentId? after, int limit)
    {
        var agents = await ledger.AgentsAsync(after, limit + 1).ConfigureAwait(false);
        var page = await FileWork.Run(() => agents.Take(limit).Select(threads.Describe).ToArray()).ConfigureAwait(false);
        return new AgentsDocument([.. page], agents.Length > limit ? page[^1].AgentId : null);
    }

    /// <summary>The usage on a range of days.</summary>
    /// <param name="agent">The agent; null for all.</param>
    /// <param name="from">The first day, in UTC.</param>
    /// <param name="to">The last day, in UTC.</param>
    public async Task<UsageDocument> UsageAsync(AgentId? agent, DateOnly from, DateOnly to)
    {
        var days = await ledger.UsageAsync(agent, from, to).ConfigureAwait(false);
        return new UsageDocument(
            from,
            to,
            agent?.Value,
            [.. days.Select(day => new UsageDayDocument(day.Day, day.Turns, day.Failed, day.Usage))]
        );
    }
}
