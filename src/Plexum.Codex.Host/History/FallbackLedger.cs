using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.History;

/// <summary>
/// The ledger of a process whose turns run also when they cannot be written down. From the first one that cannot be accepted there, only
/// this process knows of its turns.
/// </summary>
internal sealed class FallbackLedger : ITurnLedger
{
    private readonly ITurnLedger _kept;
    private readonly Action<string> _warn;
    private volatile ITurnLedger _used;

    /// <param name="kept">The ledger that is tried first. It is closed with this.</param>
    /// <param name="warn">Is told why it is not used.</param>
    public FallbackLedger(ITurnLedger kept, Action<string> warn)
    {
        _kept = kept;
        _warn = warn;
        _used = kept;
    }

    /// <inheritdoc/>
    public async Task<LedgerReceipt> AcceptAsync(
        TurnId turn,
        TurnRequest request,
        string? idempotencyKey,
        DateTimeOffset at,
        CancellationToken cancellation = default
    )
    {
        try
        {
            return await _used.AcceptAsync(turn, request, idempotencyKey, at, cancellation).ConfigureAwait(false);
        }
        catch (LedgerUnavailableException e) when (_used == _kept)
        {
            _warn(e.Message);
            _used = new InMemoryLedger();
            return await _used.AcceptAsync(turn, request, idempotencyKey, at, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public Task<LedgerReceipt?> FindByKeyAsync(TurnRequest request, string key) => _used.FindByKeyAsync(request, key);

    /// <inheritdoc/>
    public void Started(TurnId turn, DateTimeOffset at) => _used.Started(turn, at);

    /// <inheritdoc/>
    public void Ended(TurnId turn, TurnOutcome outcome) => _used.Ended(turn, outcome);

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellation = default) => _used.FlushAsync(cancellation);

    /// <inheritdoc/>
    public Task<TurnEntry?> FindTurnAsync(TurnId turn) => _used.FindTurnAsync(turn);

    /// <inheritdoc/>
    public Task<ImmutableArray<UnfinishedTurn>> UnfinishedAsync(string owner) => _used.UnfinishedAsync(owner);

    /// <inheritdoc/>
    public Task<OpenTurns> OpenTurnsAsync() => _used.OpenTurnsAsync();

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> TurnsAsync(TurnFilter filter) => _used.TurnsAsync(filter);

    /// <inheritdoc/>
    public Task<ImmutableArray<AgentEntry>> AgentsAsync(AgentId? after, int limit) => _used.AgentsAsync(after, limit);

    /// <inheritdoc/>
    public Task<AgentEntry?> FindAgentAsync(AgentId agent) => _used.FindAgentAsync(agent);

    /// <inheritdoc/>
    public Task<ImmutableArray<DayUsage>> UsageAsync(AgentId? agent, DateOnly from, DateOnly to) => _used.UsageAsync(agent, from, to);

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> EndedWithFilesAsync(long after, int limit) => _used.EndedWithFilesAsync(after, limit);

    /// <inheritdoc/>
    public Task NoteFilesAsync(IReadOnlyCollection<(TurnId Turn, long Bytes)> measured) => _used.NoteFilesAsync(measured);

    /// <inheritdoc/>
    public Task NoteFilesRemovedAsync(IReadOnlyCollection<TurnId> turns) => _used.NoteFilesRemovedAsync(turns);

    /// <inheritdoc/>
    public Task<int> ForgetTurnsAsync(DateTimeOffset endedBefore, int limit) => _used.ForgetTurnsAsync(endedBefore, limit);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _used.DisposeAsync().ConfigureAwait(false);
        if (_used != _kept)
        {
            await _kept.DisposeAsync().ConfigureAwait(false);
        }
    }
}
