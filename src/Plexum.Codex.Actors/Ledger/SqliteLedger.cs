using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>
/// The ledger in one SQLite file (write-ahead log, flushed with each transaction). One writer takes all that waits into one
/// transaction; readers have connections of their own and neither wait for it nor hold it up.
/// </summary>
public sealed class SqliteLedger : ITurnLedger
{
    private readonly LedgerOptions _options;
    private readonly LedgerCheck _check;
    private readonly string _reading;
    private int _disposed;

    private SqliteLedger(LedgerOptions options, SqliteConnection connection, bool isChecked)
    {
        _options = options;
        _reading = LedgerFile.ForReading(options);
        Writer = new LedgerWriter(connection, options);
        _check = new LedgerCheck(options, isChecked);
    }

    /// <summary>Opens a ledger, and makes it where there is none (mode 0600).</summary>
    /// <param name="path">The absolute path of the file; its directory must be there.</param>
    /// <param name="time">The clock of its waiting.</param>
    /// <param name="warn">Takes sentences about what is wrong and what was done about it; called from any thread, and must not throw.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be opened; the message says why and what to do.</exception>
    public static Task<SqliteLedger> OpenAsync(string path, TimeProvider time, Action<string> warn) =>
        OpenAsync(new LedgerOptions(Path.GetFullPath(path), time, warn));

    internal static Task<SqliteLedger> OpenAsync(LedgerOptions options) => Task.Run(() =>
    {
        var connection = LedgerFile.OpenForWriting(options);
        return new SqliteLedger(options, connection, new FileInfo(options.Path).Length <= options.CheckedAtOnce);
    });

    /// <inheritdoc/>
    public Task<LedgerReceipt> AcceptAsync(
        TurnId turn, TurnRequest request, string? idempotencyKey, DateTimeOffset at, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var accepted = new AcceptedTurn(turn, request, idempotencyKey, at);
        return Writer.WriteAsync(statements => statements.Accept(accepted)).WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public Task<TurnId?> FindByKeyAsync(AgentId agent, string key) => ReadAsync(connection => LedgerQueries.FindByKey(connection, agent, key));

    /// <inheritdoc/>
    public void Started(TurnId turn, DateTimeOffset at) => Writer.Note(statements => statements.Start(turn, at));

    /// <inheritdoc/>
    public void Ended(TurnId turn, TurnOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        Writer.Note(statements => statements.End(turn, outcome));
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellation = default) => Writer.FlushAsync().WaitAsync(cancellation);

    /// <inheritdoc/>
    public Task<TurnEntry?> FindTurnAsync(TurnId turn) => ReadAsync(connection => LedgerQueries.FindTurn(connection, turn));

    /// <inheritdoc/>
    public Task<ImmutableArray<UnfinishedTurn>> UnfinishedAsync() => ReadAsync(LedgerQueries.Unfinished);

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> TurnsAsync(TurnFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return ReadAsync(connection => LedgerQueries.Find(connection, filter));
    }

    /// <inheritdoc/>
    public Task<OpenTurns> OpenTurnsAsync() => ReadAsync(LedgerQueries.CountOpen);

    /// <inheritdoc/>
    public Task<ImmutableArray<AgentEntry>> AgentsAsync(AgentId? after, int limit) =>
        ReadAsync(connection => LedgerQueries.FindAgents(connection, after, limit));

    /// <inheritdoc/>
    public Task<AgentEntry?> FindAgentAsync(AgentId agent) => ReadAsync(connection => LedgerQueries.FindAgent(connection, agent));

    /// <inheritdoc/>
    public Task<ImmutableArray<DayUsage>> UsageAsync(AgentId? agent, DateOnly from, DateOnly to) =>
        ReadAsync(connection => LedgerQueries.Usage(connection, agent, from, to));

    /// <inheritdoc/>
    public Task<ImmutableArray<TurnEntry>> EndedWithFilesAsync(long after, int limit) =>
        ReadAsync(connection => LedgerQueries.EndedWithFiles(connection, after, limit));

    /// <inheritdoc/>
    public Task NoteFilesAsync(IReadOnlyCollection<(TurnId Turn, long Bytes)> measured) => Writer.WriteAsync(statements =>
    {
        foreach (var (turn, bytes) in measured)
        {
            statements.NoteFiles(turn, bytes);
        }

        return measured.Count;
    });

    /// <inheritdoc/>
    public Task NoteFilesRemovedAsync(IReadOnlyCollection<TurnId> turns) => Writer.WriteAsync(statements =>
    {
        foreach (var turn in turns)
        {
            statements.NoteFilesRemoved(turn);
        }

        return turns.Count;
    });

    /// <inheritdoc/>
    public Task<int> ForgetTurnsAsync(DateTimeOffset endedBefore, int limit) =>
        Writer.WriteAsync(statements => statements.Forget(endedBefore, limit));

    /// <summary>Writes what still waits and closes the file. What cannot be written even then is told.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _check.DisposeAsync().ConfigureAwait(false);
        using (var connection = new SqliteConnection(_reading))
        {
            SqliteConnection.ClearPool(connection);
        }

        await Writer.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The one writer of the file, for whatever else is kept in it.</summary>
    internal LedgerWriter Writer { get; }

    /// <summary>For tests: completes when the whole file was looked at.</summary>
    internal Task Checked => _check.Done;

    /// <summary>Asks the file something, on a connection that only reads.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be read; the message says why and what to do.</exception>
    internal Task<T> ReadAsync<T>(Func<SqliteConnection, T> read) => Task.Run(() =>
    {
        try
        {
            using var connection = new SqliteConnection(_reading);
            connection.Open();
            return read(connection);
        }
        catch (SqliteException e)
        {
            if (LedgerProblem.IsDamage(e))
            {
                LedgerRescue.Mark(_options);
            }

            throw LedgerProblem.Describe(e, _options.Path);
        }
    });
}
