using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Problems;

namespace Plexum.Codex.Sqlite;

/// <summary>
/// The one SQLite file (write-ahead log, flushed with each transaction) for all data. A single writer puts everything that is
/// pending into one transaction; readers have their own connections, and readers and writer never block each other.
/// </summary>
public sealed class SqliteStore : IAsyncDisposable
{
    private readonly LedgerOptions _options;
    private readonly LedgerCheck _check;
    private readonly string _reading;
    private readonly SqliteWriter? _writer;
    private int _disposed;

    private SqliteStore(LedgerOptions options, SqliteConnection connection, bool isChecked)
    {
        _options = options;
        _reading = LedgerFile.ForReading(options);
        _writer = new SqliteWriter(connection, options);
        _check = new LedgerCheck(options, isChecked);
    }

    private SqliteStore(LedgerOptions options, string reading)
    {
        (_options, _reading) = (options, reading);
        _check = new LedgerCheck(options, isChecked: true);
    }

    /// <summary>Opens a file, creating it if missing (mode 0600).</summary>
    /// <param name="path">The absolute path of the file; its directory must exist.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <param name="warn">Receives sentences about what is wrong and what was done; called from any thread, and must not throw.</param>
    /// <param name="problems">Is told what needs a person; null if all of that are warnings too.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be opened; the message says why and what to do.</exception>
    public static Task<SqliteStore> OpenAsync(string path, TimeProvider time, Action<string> warn, IProblemReporter? problems = null) =>
        OpenAsync(new LedgerOptions(Path.GetFullPath(path), time, warn) { Problems = problems });

    internal static Task<SqliteStore> OpenAsync(LedgerOptions options) =>
        FileWork.Run(() =>
        {
            var connection = LedgerFile.OpenForWriting(options);
            return new SqliteStore(options, connection, new FileInfo(options.Path).Length <= options.CheckedAtOnce);
        });

    /// <summary>Opens a file that cannot be written, for reading alone; null if it cannot be read either.</summary>
    /// <param name="options">Its path, and where warnings go.</param>
    internal static Task<SqliteStore?> TryReadAsync(LedgerOptions options) =>
        FileWork.Run(() => LedgerReading.TryOpen(options) is { } reading ? new SqliteStore(options, reading) : null);

    /// <summary>Writes what is still pending and closes the file. Whatever cannot be written even then is reported.</summary>
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

        if (_writer is not null)
        {
            await _writer.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Whether the file was opened for writing too.</summary>
    internal bool IsWritable => _writer is not null;

    /// <summary>The one writer of the file.</summary>
    /// <exception cref="LedgerUnavailableException">The file was opened for reading alone.</exception>
    internal SqliteWriter Writer =>
        _writer ?? throw new LedgerUnavailableException($"The ledger {_options.Path} could be opened for reading only.");

    /// <summary>For tests: completes when the whole file has been checked.</summary>
    internal Task Checked => _check.Done;

    /// <summary>Runs a query on a read-only connection.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be read; the message says why and what to do.</exception>
    internal Task<T> ReadAsync<T>(Func<SqliteConnection, T> read) =>
        FileWork.Run(() =>
        {
            try
            {
                using var connection = new SqliteConnection(_reading);
                connection.Open();
                return read(connection);
            }
            catch (SqliteException e)
            {
                var problem = LedgerProblem.Describe(e, _options.Path);
                if (LedgerProblem.IsDamage(e))
                {
                    LedgerRescue.Mark(_options);
                    _options.Problems?.Begins(ProblemKinds.LedgerDamaged, problem.Message);
                }

                throw problem;
            }
        });
}
