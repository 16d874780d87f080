using Microsoft.Data.Sqlite;

namespace Plexum.Codex.Sqlite;

/// <summary>
/// Opens a ledger that cannot be written, because its disk is full or mounted read-only. SQLite reads a write-ahead log only with an index
/// of it: one that is there already, or that it may create. Without either, the file alone is read, and only if no log has more than it
/// (sqlite.org/wal.html, "Read-Only Databases").
/// </summary>
internal static class LedgerReading
{
    /// <summary>The connection string with which it can be read; null if it cannot.</summary>
    public static string? TryOpen(LedgerOptions options)
    {
        SQLitePCL.Batteries_V2.Init();
        var path = options.Path;
        return new[] { LedgerFile.ForReading(options), IsWhole(path) ? Immutable(options) : null }.FirstOrDefault(CanBeRead);
    }

    private static string Immutable(LedgerOptions options) =>
        new SqliteConnectionStringBuilder(LedgerFile.ForReading(options))
        {
            DataSource = $"{new Uri(options.Path).AbsoluteUri}?immutable=1",
        }.ToString();

    private static bool IsWhole(string path)
    {
        var log = new FileInfo(path + "-wal");
        return !log.Exists || log.Length == 0;
    }

    // A table has to be read: to open a file and ask for its version may need neither log nor index.
    private static bool CanBeRead(string? text)
    {
        if (text is null)
        {
            return false;
        }

        try
        {
            using var connection = new SqliteConnection(text);
            connection.Open();
            return LedgerSql.Scalar(connection, "PRAGMA user_version") is long version
                && version == LedgerSchema.Version
                && LedgerSql.Scalar(connection, "SELECT count(*) FROM (SELECT 1 FROM turns LIMIT 1)") is long;
        }
        catch (SqliteException)
        {
            return false;
        }
    }
}
