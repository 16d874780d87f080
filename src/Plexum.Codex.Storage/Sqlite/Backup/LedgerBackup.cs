using System.Collections.Immutable;
using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Sqlite.Backup;

/// <summary>
/// Copies a ledger with SQLite's online backup (sqlite.org/backup.html), which sees one moment of it while a daemon writes on. File work.
/// </summary>
public static class LedgerBackup
{
    /// <summary>Copies a ledger into a new file, mode 0600, which needs no other file beside it.</summary>
    /// <param name="ledger">The ledger, an absolute path.</param>
    /// <param name="copy">The new file, an absolute path.</param>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be read, or the copy cannot be written.</exception>
    /// <exception cref="IOException">The copy cannot be created.</exception>
    public static void Copy(string ledger, string copy)
    {
        OwnerOnly.CreateFile(copy).Dispose();
        try
        {
            Use(ledger, SqliteOpenMode.ReadWrite, source => CopyInto(copy, source));
        }
        catch (LedgerUnavailableException)
        {
            // The disk of the ledger may be full or mounted read-only, which is no reason to have no backup.
            var options = new LedgerOptions(ledger, TimeProvider.System, _ => { });
            if (LedgerReading.TryOpen(options) is not { } reading)
            {
                throw;
            }

            Use(reading, ledger, source => CopyInto(copy, source));
        }
    }

    /// <summary>What is wrong with a copy; null if it is a sound ledger.</summary>
    /// <param name="copy">The copy, an absolute path.</param>
    /// <exception cref="LedgerUnavailableException">It is no database, or cannot be read.</exception>
    public static string? FindDamage(string copy) => Use(copy, SqliteOpenMode.ReadOnly, LedgerFile.FindDamage);

    /// <summary>The workspaces that the agents of a ledger have worked in, those without a name of their own left out.</summary>
    /// <param name="copy">The ledger or a copy, an absolute path.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be read.</exception>
    public static ImmutableArray<string> Workspaces(string copy) => Use(copy, SqliteOpenMode.ReadOnly, connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT DISTINCT workspace FROM agents WHERE workspace IS NOT NULL ORDER BY workspace";
            using var rows = command.ExecuteReader();
            var found = ImmutableArray.CreateBuilder<string>();
            while (rows.Read())
            {
                found.Add(rows.GetString(0));
            }

            return found.ToImmutable();
        });

    private static bool CopyInto(string copy, SqliteConnection source) => Use(copy, SqliteOpenMode.ReadWrite, target =>
        {
            source.BackupDatabase(target);
            LedgerSql.Execute(target, "PRAGMA journal_mode = DELETE");
            return true;
        });

    private static T Use<T>(string path, SqliteOpenMode mode, Func<SqliteConnection, T> work)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        };
        return Use(text.ToString(), path, work);
    }

    private static T Use<T>(string text, string path, Func<SqliteConnection, T> work)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            using var connection = new SqliteConnection(text);
            connection.Open();
            return work(connection);
        }
        catch (SqliteException e)
        {
            throw LedgerProblem.Describe(e, path);
        }
    }
}
