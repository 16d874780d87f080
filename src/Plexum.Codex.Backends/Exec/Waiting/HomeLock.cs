using Plexum.Codex.Posix;

namespace Plexum.Codex.Exec.Waiting;

/// <summary>A file in codex's home that another process has locked for writing.</summary>
/// <param name="File">Its name.</param>
/// <param name="Holder">Who has locked it.</param>
internal sealed record HomeLock(string File, LockHolder Holder)
{
    private const string SharedIndex = "-shm";

    /// <summary>
    /// Finds a file at the top of codex's home that a process other than this codex has locked for writing. Its databases are in WAL mode,
    /// where the writer's lock is on the index beside the database, <c>state_5.sqlite-shm</c> (measured on 0.169.0 and 0.171.0).
    /// </summary>
    /// <param name="home">codex's home.</param>
    /// <param name="codex">The codex that waits.</param>
    /// <returns>Null if there is none, or if it cannot be known.</returns>
    public static HomeLock? Find(string home, int codex)
    {
        try
        {
            return new DirectoryInfo(home)
                .GetFiles()
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => (File: file, Holder: LockHolder.FindWriter(file.FullName, besides: codex)))
                .Where(found => found.Holder is not null)
                .Select(found => new HomeLock(NameOf(found.File), found.Holder!))
                .FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The turn goes on all the same; only the reason for its wait stays unknown.
            return null;
        }
    }

    private static string NameOf(FileInfo file) =>
        file.Name.EndsWith(SharedIndex, StringComparison.Ordinal) ? file.Name[..^SharedIndex.Length] : file.Name;
}
