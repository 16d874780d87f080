using System.Globalization;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Sqlite;

/// <summary>Opens the database's file.</summary>
internal static class LedgerFile
{
    private const UnixFileMode OwnerMayReadAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens the writer's connection. A damaged file is moved aside and whatever can be read of it is saved.</summary>
    /// <exception cref="LedgerUnavailableException">It cannot be opened; the message says why and what to do.</exception>
    public static SqliteConnection OpenForWriting(LedgerOptions options)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            if (!options.MayRescue && LedgerRescue.IsMarked(options))
            {
                throw Damaged(options);
            }

            LedgerRescue.Resume(options);
            return TryOpen(options, out var damage) ?? Rescue(options, damage);
        }
        catch (SqliteException e)
        {
            throw LedgerProblem.Describe(e, options.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw LedgerProblem.Describe(e, options.Path);
        }
    }

    /// <summary>The connection string for reading. Its connections are pooled.</summary>
    public static string ForReading(LedgerOptions options) => Text(options.Path, options, SqliteOpenMode.ReadOnly, pooling: true);

    /// <summary>Opens an existing file.</summary>
    public static SqliteConnection Open(string path, LedgerOptions options)
    {
        var connection = new SqliteConnection(Text(path, options, SqliteOpenMode.ReadWrite, pooling: false));
        connection.Open();
        return connection;
    }

    /// <summary>What SQLite's check of every page reports; null if the database is sound.</summary>
    public static string? FindDamage(SqliteConnection connection) =>
        LedgerSql.Scalar(connection, "PRAGMA quick_check(1)") is string text && text != "ok" ? text.ReplaceLineEndings(" ") : null;

    private static SqliteConnection Rescue(LedgerOptions options, string? damage)
    {
        LedgerRescue.Mark(options);
        if (!options.MayRescue)
        {
            throw Damaged(options);
        }

        LedgerRescue.Resume(options);
        return TryOpen(options, out var again)
            ?? throw new LedgerUnavailableException(
                $"The ledger {options.Path} is damaged ({damage}), and so is the new file ({again}). "
                    + "Check the disk, move the file away, and start again."
            );
    }

    private static LedgerUnavailableException Damaged(LedgerOptions options) =>
        new(
            $"The ledger {options.Path} is damaged. Start the daemon with \"plexum-codex daemon start\": it moves the file aside and saves "
                + "what can be read of it."
        );

    private static SqliteConnection? TryOpen(LedgerOptions options, out string? damage)
    {
        Create(options.Path);
        var connection = new SqliteConnection(Text(options.Path, options, SqliteOpenMode.ReadWrite, pooling: false));
        try
        {
            connection.Open();
            Prepare(connection, options);
            LedgerSchema.Migrate(connection, options.Path);
            damage = new FileInfo(options.Path).Length <= options.CheckedAtOnce ? FindDamage(connection) : LedgerSchema.Glance(connection);
        }
        catch (SqliteException e) when (LedgerProblem.IsDamage(e))
        {
            damage = LedgerProblem.Text(e);
        }
        catch
        {
            connection.Dispose();
            throw;
        }

        if (damage is null)
        {
            return connection;
        }

        connection.Dispose();
        return null;
    }

    private static void Create(string path)
    {
        var found = FileStatus.OfPath(path);
        if (found is null)
        {
            OwnerOnly.CreateFile(path).Dispose();
        }
        else if (found.Value.Kind == FileKind.Regular && !OperatingSystem.IsWindows())
        {
            // Anything but a regular file is refused later, and must not lose its mode here.
            File.SetUnixFileMode(path, OwnerMayReadAndWrite);
        }
    }

    private static void Prepare(SqliteConnection connection, LedgerOptions options)
    {
        LedgerSql.Execute(
            connection,
            string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {(long)options.BusyLimit.TotalMilliseconds}")
        );
        LedgerSql.Execute(connection, "PRAGMA journal_mode = WAL");
        LedgerSql.Execute(connection, "PRAGMA synchronous = FULL");
    }

    private static string Text(string path, LedgerOptions options, SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = pooling,
            DefaultTimeout = Math.Max(1, (int)options.BusyLimit.TotalSeconds),
        }.ToString();
}
