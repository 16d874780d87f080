using System.Collections.Immutable;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>Records nothing: for agents whose turns nobody looks up.</summary>
public sealed class NoLedger : ITurnLedger
{
    private NoLedger() { }

    /// <summary>The only instance.</summary>
    public static NoLedger Instance { get; } = new();

    /// <inheritdoc/>
    public Task<LedgerReceipt> AcceptAsync(
        TurnId turn,
        TurnRequest request,
        string? idempotencyKey,
        DateTimeOffset at,
        CancellationToken cancellation = default
    ) => Task.FromResult(new LedgerReceipt(turn, IsNew: true, SameRequest: true, TurnState.Queued));

    /// <inheritdoc/>
    public Task<LedgerReceipt?> FindByKeyAsync(TurnRequest request, string key) => Task.FromResult<LedgerReceipt?>(null);

    /// <inheritdoc/>
    public void Started(TurnId turn, DateTimeOffset at) { }

    /// <inheritdoc/>
    public void Ended(TurnId turn, TurnOutcome outcome) { }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellation = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<TurnEntry?> FindTurnAsync(TurnId turn) => Task.FromResult<TurnEntry?>(null);

    /// <inheritdoc/>
    public Task<ImmutableArray<UnfinishedTurn>> UnfinishedAsync(string owner) => Task.FromResult(ImmutableArray<UnfinishedTurn>.Empty);

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> TurnsAsync(TurnFilter filter) => Task.FromResult(ImmutableArray<TurnEntry>.Empty);

    /// <inheritdoc/>
    public Task<OpenTurns> OpenTurnsAsync() => Task.FromResult(new OpenTurns(0, 0));

    /// <inheritdoc/>
    public Task<ImmutableArray<AgentEntry>> AgentsAsync(AgentId? after, int limit) => Task.FromResult(ImmutableArray<AgentEntry>.Empty);

    /// <inheritdoc/>
    public Task<AgentEntry?> FindAgentAsync(AgentId agent) => Task.FromResult<AgentEntry?>(null);

    /// <inheritdoc/>
    public Task<ImmutableArray<DayUsage>> UsageAsync(AgentId? agent, DateOnly from, DateOnly to) =>
        Task.FromResult(ImmutableArray<DayUsage>.Empty);

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> EndedWithFilesAsync(long after, int limit) => Task.FromResult(ImmutableArray<TurnEntry>.Empty);

    /// <inheritdoc/>
    public Task NoteFilesAsync(IReadOnlyCollection<(TurnId Turn, long Bytes)> measured) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task NoteFilesRemovedAsync(IReadOnlyCollection<TurnId> turns) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<int> ForgetTurnsAsync(DateTimeOffset endedBefore, int limit) => Task.FromResult(0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
