using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Sqlite;

/// <summary>
/// The only writer. It puts everything pending into one transaction, so that many callers share one disk flush. Writes that nobody
/// waits for are kept in order and retried until they are written.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxInOneTransaction = 1024;

    private readonly Channel<SqliteOperation> _waiting = Channel.CreateUnbounded<SqliteOperation>(new() { SingleReader = true });
    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _statements;
    private readonly LedgerOptions _options;
    private readonly Task _loop;
    private List<SqliteOperation> _batch = [];
    private Task<bool>? _more;
    private int _failures;

    /// <param name="connection">The connection, owned by the writer from now on.</param>
    /// <param name="options">Its timing, and where its warnings go.</param>
    public SqliteWriter(SqliteConnection connection, LedgerOptions options)
    {
        (_connection, _options) = (connection, options);
        _statements = new SqliteStatements(connection);
        _loop = FileWork.Run(RunAsync);
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
            _options.Warn($"The ledger {_options.Path} got an update after it was closed; the turn's files remain authoritative.");
        }
    }

    /// <summary>Writes something, retrying until it is written. The task fails only if the ledger is closed first.</summary>
    public Task WriteForCertainAsync(Action<SqliteStatements> write) => Promise(new SqlitePromise(write));

    public Task FlushAsync() => Promise(new SqliteBarrier());

    /// <summary>Writes what is pending, retrying at most once, and closes the connection.</summary>
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
            for (var taken = 0; taken < MaxInOneTransaction && _waiting.Reader.TryRead(out var operation); taken++)
            {
                _batch.Add(operation);
            }

            WriteBatch();
            if (_failures > 0 && _batch.Count == 0)
            {
                // Nothing waits, and yet somebody is to hear when the ledger can be written again.
                _batch.Add(new SqliteProbe());
            }
        }

        if (_batch.Count > 0)
        {
            WriteBatch();
            Abandon();
        }
    }

    // False if the ledger is being closed and nothing new is pending.
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
                _options.Ends(
                    ProblemKinds.LedgerUnwritable,
                    $"The ledger {_options.Path} can be written again, and all pending updates have been written."
                );
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

    // One of the writes fails because of its content; the others must not suffer for it.
    private void WriteSingly()
    {
        var all = _batch;
        foreach (var operation in all)
        {
            _batch = [operation];
            WriteBatch();
            if (_batch.Count > 0)
            {
                // Meanwhile the database itself failed: the rest stays pending.
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
            _options.Begins(LedgerProblem.IsDamage(e) ? ProblemKinds.LedgerDamaged : ProblemKinds.LedgerUnwritable, problem.Message);
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

    // Keep the original failure; the next transaction shows whether the connection is sound.
    private void RollBack()
    {
        try
        {
            // Some failures have already rolled back.
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
            _options.Warn(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The ledger {_options.Path} was closed, but {lost} starts and ends of turns could not be written to it; "
                        + $"the turns' files remain authoritative."
                )
            );
        }
    }

    private string Refusal(Exception e) =>
        $"The ledger {_options.Path} could not store an update: {e.Message} Everything else continues; this is a bug in plexum-codex.";

    private static void Tell(SqliteOperation operation, Exception e)
    {
        operation.Fail(e);
        operation.Abandon(e);
    }

    private LedgerUnavailableException Closed() =>
        new($"The ledger {_options.Path} is closed because the daemon is shutting down. Try again when a daemon is running.");
}
