using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Plexum.Codex.Ledger;

/// <summary>
/// The one writer: takes all that waits into one transaction, so that many callers share one flush of the disk. What nobody waits
/// for is kept in its order and tried again until it is written.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MostInOneTransaction = 1024;

    private readonly Channel<SqliteOperation> _waiting = Channel.CreateUnbounded<SqliteOperation>(new() { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _statements;
    private readonly LedgerOptions _options;
    private readonly Task _loop;
    private List<SqliteOperation> _batch = [];
    private Task<bool>? _more;
    private int _failures;

    /// <param name="connection">Belongs to the writer from here on.</param>
    /// <param name="options">How it waits, and whom it tells.</param>
    public SqliteWriter(SqliteConnection connection, LedgerOptions options)
    {
        (_connection, _options) = (connection, options);
        _statements = new SqliteStatements(connection);
        _loop = Task.Run(RunAsync);
    }

    public Task<T> WriteAsync<T>(Func<SqliteStatements, T> write)
    {
        var demand = new SqliteDemand<T>(write);
        if (!_waiting.Writer.TryWrite(demand))
        {
            demand.Fail(Closed());
        }

        return demand.Done;
    }

    public void Note(Action<SqliteStatements> write)
    {
        if (!_waiting.Writer.TryWrite(new SqliteNote(write)))
        {
            _options.Warn($"The ledger {_options.Path} was told of a turn after it was closed; the turn's own files say how it stands.");
        }
    }

    /// <summary>Writes something and keeps it, as long as that fails, until it is written. The task fails only when the ledger is closed before.</summary>
    public Task WriteForCertainAsync(Action<SqliteStatements> write) => Promise(new SqlitePromise(write));

    public Task FlushAsync() => Promise(new SqliteBarrier());

    /// <summary>Writes what waits, once more at most where that fails, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        _statements.Dispose();
        await _connection.DisposeAsync().ConfigureAwait(false);
    }

    private Task Promise(SqlitePromise promise)
    {
        if (!_waiting.Writer.TryWrite(promise))
        {
            promise.Abandon(Closed());
        }

        return promise.Done;
    }

    private async Task RunAsync()
    {
        while (await WaitAsync().ConfigureAwait(false))
        {
            for (var taken = 0; taken < MostInOneTransaction && _waiting.Reader.TryRead(out var operation); taken++)
            {
                _batch.Add(operation);
            }

            WriteBatch();
        }

        if (_batch.Count > 0)
        {
            WriteBatch();
            Abandon();
        }
    }

    // False when the ledger is being closed and nothing new waits.
    private async Task<bool> WaitAsync()
    {
        _more ??= _waiting.Reader.WaitToReadAsync().AsTask();
        if (_batch.Count > 0)
        {
            using var awake = new CancellationTokenSource();
            await Task.WhenAny(_more, Task.Delay(LedgerOptions.RetryDelay(_failures), _options.Time, awake.Token)).ConfigureAwait(false);
            await awake.CancelAsync().ConfigureAwait(false);
            if (!_more.IsCompleted)
            {
                return true;
            }
        }

        var more = await _more.ConfigureAwait(false);
        _more = null;
        return more;
    }

    private void WriteBatch()
    {
        try
        {
            InTransaction(_batch);
            if (_failures > 0)
            {
                _failures = 0;
                _options.Warn($"The ledger {_options.Path} can be written to again, and what was kept is written.");
            }

            _batch.ForEach(operation => operation.Complete());
            _batch.Clear();
        }
        catch (SqliteException e) when (LedgerProblem.MayPass(e) || LedgerProblem.IsDamage(e))
        {
            Keep(e);
        }
        catch (Exception e) when (_batch.Count > 1)
        {
            _options.Warn(Refusal(e));
            WriteSingly();
        }
        catch (Exception e)
        {
            _options.Warn(Refusal(e));
            Tell(_batch[0], e);
            _batch.Clear();
        }
    }

    // One of them cannot be written for what it is; the others do not suffer for it.
    private void WriteSingly()
    {
        var all = _batch;
        foreach (var operation in all)
        {
            _batch = [operation];
            WriteBatch();
            if (_batch.Count > 0)
            {
                // The database failed meanwhile: the rest waits with it.
                _batch = [.. all.SkipWhile(other => other != operation)];
                return;
            }
        }

        _batch = [];
    }

    private void Keep(SqliteException e)
    {
        var problem = LedgerProblem.Describe(e, _options.Path);
        if (_failures++ == 0)
        {
            _options.Warn(problem.Message);
            if (LedgerProblem.IsDamage(e))
            {
                LedgerRescue.Mark(_options);
            }
        }

        _batch.RemoveAll(operation => operation.Fail(problem));
    }

    private void InTransaction(List<SqliteOperation> operations)
    {
        if (operations.TrueForAll(operation => operation is SqliteBarrier))
        {
            return;
        }

        LedgerSql.Execute(_connection, "BEGIN IMMEDIATE");
        try
        {
            operations.ForEach(operation => operation.Apply(_statements));
            LedgerSql.Execute(_connection, "COMMIT");
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    // The failure that led here is the one to tell; the next transaction shows whether the connection is sound.
    private void RollBack()
    {
        try
        {
            // Some failures have rolled back already.
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                LedgerSql.Execute(_connection, "ROLLBACK");
            }
        }
        catch (SqliteException e)
        {
            _options.Warn(LedgerProblem.Describe(e, _options.Path).Message);
        }
    }

    private void Abandon()
    {
        _batch.ForEach(operation => operation.Abandon(Closed()));
        if (_batch.Count(operation => operation is SqliteNote) is > 0 and var lost)
        {
            _options.Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"The ledger {_options.Path} was closed and {lost} starts and ends of turns could not be written to it; the turns' own files say how they stand."));
        }
    }

    private string Refusal(Exception e) => $"The ledger {_options.Path} could not take something: {e.Message} The rest goes on; this is a mistake of the program's.";

    private static void Tell(SqliteOperation operation, Exception e)
    {
        operation.Fail(e);
        operation.Abandon(e);
    }

    private LedgerUnavailableException Closed() => new($"The ledger {_options.Path} is closed: the daemon is shutting down. Try again with the next one.");
}
