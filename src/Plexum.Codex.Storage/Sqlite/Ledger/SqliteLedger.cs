using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sqlite.Ledger;

/// <summary>The ledger in a SQLite file.</summary>
/// <param name="store">The file. The ledger closes it.</param>
/// <param name="owner">The name of this node, recorded with every turn it accepts.</param>
public sealed class SqliteLedger(SqliteStore store, string owner = TurnOwner.Local) : ITurnLedger
{
    /// <summary>Opens a ledger, creating its file if missing (mode 0600).</summary>
    /// <param name="path">The absolute path of the file; its directory must exist.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <param name="warn">Receives sentences about what is wrong and what was done; called from any thread, and must not throw.</param>
    /// <param name="problems">Is told what needs a person; null if all of that are warnings too.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be opened; the message says why and what to do.</exception>
    public static async Task<SqliteLedger> OpenAsync(
        string path,
        TimeProvider time,
        Action<string> warn,
        IProblemReporter? problems = null
    ) => new(await SqliteStore.OpenAsync(path, time, warn, problems).ConfigureAwait(false));

    /// <summary>
    /// Opens a ledger that other processes may have open, or open later: for a command. It does not rescue a damaged file, which is a
    /// daemon's work.
    /// </summary>
    /// <param name="path">The absolute path of the file, which is created if missing; its directory must exist.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <param name="warn">Receives sentences about what is wrong; called from any thread, and must not throw.</param>
    /// <param name="owner">The name under which this process accepts turns.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be opened; the message says why and what to do.</exception>
    public static async Task<SqliteLedger> JoinAsync(string path, TimeProvider time, Action<string> warn, string owner) =>
        new(
            await SqliteStore.OpenAsync(new LedgerOptions(Path.GetFullPath(path), time, warn) { MayRescue = false }).ConfigureAwait(false),
            owner
        );

    /// <summary>The same, for a command that only looks: if the file cannot be written, it is opened for reading alone.</summary>
    /// <param name="path">The absolute path of the file.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <param name="warn">Receives sentences about what is wrong; called from any thread, and must not throw.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be read either; the message says why and what to do.</exception>
    public static async Task<SqliteLedger> LookAsync(string path, TimeProvider time, Action<string> warn)
    {
        try
        {
            return await JoinAsync(path, time, warn, TurnOwner.Local).ConfigureAwait(false);
        }
        catch (LedgerUnavailableException)
        {
            var options = new LedgerOptions(Path.GetFullPath(path), time, warn) { MayRescue = false };
            if (await SqliteStore.TryReadAsync(options).ConfigureAwait(false) is { } store)
            {
                return new SqliteLedger(store);
            }

            throw;
        }
    }

    internal static async Task<SqliteLedger> OpenAsync(LedgerOptions options) =>
        new(await SqliteStore.OpenAsync(options).ConfigureAwait(false));

    /// <summary>The file, which also stores other data.</summary>
    public SqliteStore Store => store;

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
        var accepted = new AcceptedTurn(turn, request, idempotencyKey, owner, at);
        return store.Writer.WriteAsync(statements => new LedgerStatements(statements).Accept(accepted)).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public Task<LedgerReceipt?> FindByKeyAsync(TurnRequest request, string key)
    {
        ArgumentNullException.ThrowIfNull(request);
        return store.ReadAsync(connection => LedgerQueries.FindByKey(connection, request, key));
    }

    /// <inheritdoc/>
    public void Started(TurnId turn, DateTimeOffset at) =>
        store.Writer.Note(statements => new LedgerStatements(statements).Start(turn, at));

    /// <inheritdoc/>
    public void Ended(TurnId turn, TurnOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        store.Writer.Note(statements => new LedgerStatements(statements).End(turn, outcome));
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellation = default) => store.Writer.FlushAsync().WaitAsync(cancellation);

    /// <inheritdoc/>
    public Task<TurnEntry?> FindTurnAsync(TurnId turn) => store.ReadAsync(connection => LedgerQueries.FindTurn(connection, turn));

    /// <inheritdoc/>
    public Task<ImmutableArray<UnfinishedTurn>> UnfinishedAsync(string owner) =>
        store.ReadAsync(connection => LedgerQueries.Unfinished(connection, owner));

    /// <summary>Takes over the unfinished turns of owners that are gone, so that <see cref="UnfinishedAsync"/> has them.</summary>
    /// <param name="isGone">Whether an owner is gone for good.</param>
    /// <returns>The turns that were taken over. If there are none, nothing was written.</returns>
    /// <exception cref="LedgerUnavailableException">
    /// The ledger cannot be read or written; the message says why and what to do.
    /// </exception>
    public async Task<ImmutableArray<TurnId>> TakeOverAsync(Func<string, bool> isGone)
    {
        ArgumentNullException.ThrowIfNull(isGone);
        var others = await store.ReadAsync(connection => LedgerQueries.OtherOwners(connection, owner)).ConfigureAwait(false);
        var gone = others.Where(isGone).ToImmutableArray();
        return gone.IsEmpty
            ? []
            : await store.Writer.WriteAsync(statements => new LedgerStatements(statements).TakeOver(owner, gone)).ConfigureAwait(false);
    }

    /// <summary>Writes ends of turns. Those of turns that have ended already change nothing.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be written; the message says why and what to do.</exception>
    public Task WriteEndsAsync(IReadOnlyDictionary<TurnId, TurnOutcome> ends)
    {
        ArgumentNullException.ThrowIfNull(ends);
        return store.Writer.WriteAsync(statements =>
        {
            foreach (var (turn, outcome) in ends)
            {
                new LedgerStatements(statements).End(turn, outcome);
            }

            return ends.Count;
        });
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> TurnsAsync(TurnFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return store.ReadAsync(connection => LedgerQueries.Find(connection, filter));
    }

    /// <inheritdoc/>
    public Task<OpenTurns> OpenTurnsAsync() => store.ReadAsync(LedgerQueries.CountOpen);

    /// <inheritdoc/>
    public Task<ImmutableArray<AgentEntry>> AgentsAsync(AgentId? after, int limit) =>
        store.ReadAsync(connection => LedgerQueries.FindAgents(connection, after, limit));

    /// <inheritdoc/>
    public Task<AgentEntry?> FindAgentAsync(AgentId agent) => store.ReadAsync(connection => LedgerQueries.FindAgent(connection, agent));

    /// <inheritdoc/>
    public Task<ImmutableArray<DayUsage>> UsageAsync(AgentId? agent, DateOnly from, DateOnly to) =>
        store.ReadAsync(connection => LedgerQueries.Usage(connection, agent, from, to));

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> EndedWithFilesAsync(long after, int limit) =>
        store.ReadAsync(connection => LedgerQueries.EndedWithFiles(connection, after, limit));

    /// <inheritdoc/>
    public Task NoteFilesAsync(IReadOnlyCollection<(TurnId Turn, long Bytes)> measured) =>
        store.Writer.WriteAsync(statements =>
        {
            foreach (var (turn, bytes) in measured)
            {
                new LedgerStatements(statements).NoteFiles(turn, bytes);
            }

            return measured.Count;
        });

    /// <inheritdoc/>
    public Task NoteFilesRemovedAsync(IReadOnlyCollection<TurnId> turns) =>
        store.Writer.WriteAsync(statements =>
        {
            foreach (var turn in turns)
            {
                new LedgerStatements(statements).NoteFilesRemoved(turn);
            }

            return turns.Count;
        });

    /// <inheritdoc/>
    public Task<int> ForgetTurnsAsync(DateTimeOffset endedBefore, int limit) =>
        store.Writer.WriteAsync(statements => new LedgerStatements(statements).Forget(endedBefore, limit));

    /// <summary>Writes what is still pending and closes the file. Whatever cannot be written even then is reported.</summary>
    public ValueTask DisposeAsync() => store.DisposeAsync();
}
