using System.Collections.Immutable;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Waiting;

/// <summary>A file in codex's home that another process has locked for writing.</summary>
/// <param name="File">Its name.</param>
/// <param name="Holder">Who has locked it.</param>
internal sealed record HomeLock(string File, LockHolder Holder)
{
    private const string SharedIndex = "-shm";

    /// <summary>
    /// Finds the files at the top of codex's home that other processes than this program have locked for writing. Its databases are in WAL
    /// mode, where the writer's lock is on the index beside the database, <c>state_5.sqlite-shm</c> (measured on 0.169.0 and 0.171.0). Each
    /// codex locks them for moments, so only a lock that is found twice tells what a codex waits for.
    /// </summary>
    /// <param name="home">codex's home.</param>
    /// <returns>Empty if there are none, or if they cannot be known.</returns>
    public static ImmutableArray<HomeLock> Find(string home)
    {
        try
        {
            return
            [
                .. new DirectoryInfo(home)
                    .GetFiles()
                    .OrderBy(file => file.Name, StringComparer.Ordinal)
                    .SelectMany(file => LockHolder.FindWriters(file.FullName).Select(holder => new HomeLock(NameOf(file), holder))),
            ];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The turn goes on all the same; only the reason for its wait stays unknown.
            return [];
        }
    }

    /// <summary>The first lock that another process held at both looks.</summary>
    /// <param name="before">What the first look found.</param>
    /// <param name="now">What the second look found.</param>
    /// <param name="own">The processes of the turn: behind a shim, codex is another process than the one that was started.</param>
    /// <returns>Null if there is none.</returns>
    public static HomeLock? InBoth(ImmutableArray<HomeLock> before, ImmutableArray<HomeLock> now, IReadOnlySet<int> own) =>
        now.FirstOrDefault(found =>
            found.Holder.Pid is { } pid
            && !own.Contains(pid)
            && before.Any(earlier => earlier.File == found.File && earlier.Holder.Pid == pid)
        );

    private static string NameOf(FileInfo file) =>
        file.Name.EndsWith(SharedIndex, StringComparison.Ordinal) ? file.Name[..^SharedIndex.Length] : file.Name;
}
