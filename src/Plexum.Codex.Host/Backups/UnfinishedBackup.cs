using System.Text.RegularExpressions;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Backups;

/// <summary>
/// The files of a backup that is being written, beside the one that it becomes. A backup that is killed leaves them, with all prompts in
/// them; the next one in that directory removes them. File work.
/// </summary>
internal static partial class UnfinishedBackup
{
    // What SQLite may have beside a database.
    private static readonly string[] LedgerSuffixes = ["", "-journal", "-wal", "-shm"];

    /// <summary>The path of a new one.</summary>
    /// <param name="path">The backup's path.</param>
    public static string NameFor(string path) => $"{path}.{Guid.NewGuid():N}.tmp";

    /// <summary>The path of the ledger's copy.</summary>
    /// <param name="unfinished">The path of the unfinished backup.</param>
    public static string LedgerOf(string unfinished) => unfinished + ".ledger";

    /// <summary>Creates it, with a lock that lasts as long as the file is open.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    public static FileStream Create(string unfinished)
    {
        var file = OwnerOnly.CreateFile(unfinished);
        _ = Libc.Flock(file.SafeFileHandle, Libc.LockExclusive | Libc.LockNonBlocking);
        return file;
    }

    /// <summary>Removes those in a directory that nobody writes any more.</summary>
    /// <param name="directory">The directory.</param>
    /// <exception cref="IOException">The directory cannot be read, or one cannot be removed.</exception>
    public static void RemoveIn(string directory)
    {
        foreach (var path in Directory.EnumerateFiles(directory, "*.tmp").Where(path => Name().IsMatch(Path.GetFileName(path))).ToArray())
        {
            using var file = RegularFile.TryOpenRead(path, followLinks: false, out _);
            if (
                file is not null
                && FileStatus.OfHandle(file)?.Owner == Libc.EffectiveUser()
                && Libc.Flock(file, Libc.LockExclusive | Libc.LockNonBlocking) == 0
            )
            {
                Remove(path);
            }
        }
    }

    /// <summary>Removes one.</summary>
    public static void Remove(string unfinished)
    {
        foreach (var suffix in LedgerSuffixes)
        {
            File.Delete(LedgerOf(unfinished) + suffix);
        }

        File.Delete(unfinished);
    }

    [GeneratedRegex(@"\.tar(\.zst)?\.[0-9a-f]{32}\.tmp\z")]
    private static partial Regex Name();
}
