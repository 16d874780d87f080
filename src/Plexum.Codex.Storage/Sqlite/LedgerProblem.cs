using Microsoft.Data.Sqlite;
using Plexum.Codex.Ledger;
using Plexum.Codex.Posix;
using Plexum.Codex.Posix.Resources;

namespace Plexum.Codex.Sqlite;

/// <summary>SQLite's failures as sentences.</summary>
internal static class LedgerProblem
{
    private const string MakeWritable = "Make the file and its directory writable for this user, and try again.";

    private const int Statement = 1;
    private const int NoPermission = 3;
    private const int Busy = 5;
    private const int Locked = 6;
    private const int OutOfMemory = 7;
    private const int ReadOnly = 8;
    private const int DiskError = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NoDatabase = 26;

    /// <summary>Whether the file itself is damaged.</summary>
    public static bool IsDamage(SqliteException e) => e.SqliteErrorCode is Corrupt or NoDatabase;

    /// <summary>Whether the database lacks something that the statement names.</summary>
    public static bool IsMissing(SqliteException e) => e.SqliteErrorCode == Statement;

    /// <summary>Whether the same statement may succeed later.</summary>
    public static bool MayPass(SqliteException e) =>
        e.SqliteErrorCode is NoPermission or Busy or Locked or OutOfMemory or ReadOnly or DiskError or Full or CannotOpen;

    public static LedgerUnavailableException Describe(SqliteException e, string path) =>
        new(
            e.SqliteErrorCode switch
            {
                Busy or Locked => $"The ledger {path} is locked by {Holder(path)}. Wait for it or end it, and try again.",
                Full => FullDisk(path),

                // What SQLite maps into its memory, or cannot create, fails so on a full disk.
                DiskError or CannotOpen when IsDiskFull(path) => FullDisk(path),
                ReadOnly or NoPermission or CannotOpen => $"The ledger {path} cannot be opened for writing ({Text(e)}). {MakeWritable}",
                Corrupt or NoDatabase =>
                    $"The ledger {path} is damaged ({Text(e)}). Restart the daemon: it moves the file aside and saves what can be read.",
                _ => $"The ledger {path} failed: {Text(e)}. Check its disk, and try again.",
            },
            e
        );

    /// <summary>Describes what failed before SQLite was asked.</summary>
    public static LedgerUnavailableException Describe(Exception e, string path) =>
        new(
            (e is IOException failure && FileSystemRoom.IsShortage(failure)) || IsDiskFull(path)
                ? FullDisk(path)
                : $"The ledger {path} cannot be opened: {e.Message} {MakeWritable}",
            e
        );

    /// <summary>SQLite's own message: <c>database disk image is malformed</c>.</summary>
    public static string Text(SqliteException e)
    {
        // The message is: SQLite Error 11: 'database disk image is malformed'.
        var parts = e.Message.Split('\'', 2);
        return parts.Length == 2 ? parts[1].TrimEnd('.', '\'') : e.Message;
    }

    private static string FullDisk(string path) => $"The disk with the ledger {path} is full. Free some space, and try again.";

    private static bool IsDiskFull(string path) => Path.GetDirectoryName(path) is { } directory && FileSystemRoom.IsExhausted(directory);

    private static LockHolder Holder(string path) =>
        LockHolder.FindWriter(path + "-shm") ?? LockHolder.FindWriter(path) ?? new LockHolder(null, null);
}
