using System.Collections.Immutable;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>
/// Keeps turns for as long as the process lives: for commands that run turns themselves. What only a daemon is asked for (agents, usage,
/// files, turns of an earlier process) is empty.
/// </summary>
public sealed class InMemoryLedger : ITurnLedger
{
    private readonly Lock _gate = new();
    private readonly Dictionary<TurnId, Row> _rows = [];
    private long _last;

    /// <inheritdoc/>
    public Task<LedgerReceipt> AcceptAsync(
        TurnId turn,
        TurnRequest request,
        string? idempotencyKey,
        DateTimeOffset at,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        var hash = AcceptedTurn.HashOf(request);
        lock (_gate)
        {
            if ((idempotencyKey is null ? null : Find(request.AgentId, idempotencyKey)) is { } row || _rows.TryGetValue(turn, out row))
            {
                return Task.FromResult(row.Receipt(hash));
            }

            var entry = new TurnEntry
            {
                Number = ++_last,
                TurnId = turn,
                AgentId = request.AgentId,
                Workspace = request.Workspace,
                Model = request.Model,
                Prompt = Prompt.FirstLine(request.Messages),
                State = TurnState.Queued,
                AcceptedAt = at,
                IdempotencyKey = idempotencyKey,
                Owner = TurnOwner.Local,
            };
            _rows.Add(turn, new Row(entry, hash));
            return Task.FromResult(new LedgerReceipt(turn, IsNew: true, SameRequest: true, TurnState.Queued));
        }
    }

    /// <inheritdoc/>
    public Task<LedgerReceipt?> FindByKeyAsync(TurnRequest request, string key)
    {
        ArgumentNullException.ThrowIfNull(request);
        var hash = AcceptedTurn.HashOf(request);
        lock (_gate)
        {
            return Task.FromResult(Find(request.AgentId, key)?.Receipt(hash));
        }
    }

    /// <inheritdoc/>
    public void Started(TurnId turn, DateTimeOffset at) =>
        Change(turn, entry => entry with { State = TurnState.Running, StartedAt = entry.StartedAt ?? at });

    /// <inheritdoc/>
    public void Ended(TurnId turn, TurnOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        Change(turn, entry => entry.EndedWith(outcome));
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellation = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<TurnEntry?> FindTurnAsync(TurnId turn)
    {
        lock (_gate)
        {
            return Task.FromResult(_rows.GetValueOrDefault(turn)?.Entry);
        }
    }

    /// <inheritdoc/>
    public Task<OpenTurns> OpenTurnsAsync()
    {
        lock (_gate)
        {
            return Task.FromResult(new OpenTurns(Count(TurnState.Queued), Count(TurnState.Running)));
        }

        long Count(TurnState state) => _rows.Values.Count(row => row.Entry.State == state);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<UnfinishedTurn>> UnfinishedAsync(string owner) => Task.FromResult(ImmutableArray<UnfinishedTurn>.Empty);

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> TurnsAsync(TurnFilter filter) => Task.FromResult(ImmutableArray<TurnEntry>.Empty);

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
    public Task NoteFilesRemovedAsync(IReadOnlyCollection<TurnId> turns)
    {
        ArgumentNullException.ThrowIfNull(turns);
        lock (_gate)
        {
            foreach (var row in turns.Select(turn => _rows.GetValueOrDefault(turn)).OfType<Row>())
            {
                row.Entry = row.Entry with { FilesRemoved = true };
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> ForgetTurnsAsync(DateTimeOffset endedBefore, int limit) => Task.FromResult(0);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private Row? Find(AgentId agent, string key) =>
        _rows.Values.FirstOrDefault(row => row.Entry.AgentId == agent && row.Entry.IdempotencyKey == key);

    // Only the first end of a turn counts.
    private void Change(TurnId turn, Func<TurnEntry, TurnEntry> change)
    {
        lock (_gate)
        {
            if (_rows.TryGetValue(turn, out var row) && row.Entry.State != TurnState.Ended)
            {
                row.Entry = change(row.Entry);
            }
        }
    }

    private sealed class Row(TurnEntry entry, byte[] hash)
    {
        public TurnEntry Entry { get; set; } = entry;

        public LedgerReceipt Receipt(byte[] other) =>
            new(Entry.TurnId, IsNew: false, SameRequest: hash.AsSpan().SequenceEqual(other), Entry.State);
    }
}
