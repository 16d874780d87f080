using Plexum.Codex.Posix;
using Plexum.Codex.Profiles;

namespace Plexum.Codex.Retention;

/// <summary>The files of an ended turn as a whole. Links are never followed: a link in place of a directory is left alone.</summary>
internal static class TurnFiles
{
    // The overhead of a file beyond its content; a turn has many small files.
    private const long BytesPerFile = 4096;

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    /// <summary>Whether there is a directory to delete, with no link on its path within the profile.</summary>
    public static bool IsThere(AgentDirectory agent, TurnDirectory turn) =>
        IsDirectory(agent.Root) && IsDirectory(agent.Turns) && IsDirectory(turn.Root);

    /// <summary>The space a directory takes, in bytes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static long Measure(string directory)
    {
        var bytes = BytesPerFile;
        foreach (var path in Directory.EnumerateFileSystemEntries(directory, "*", Everything))
        {
            bytes += FileStatus.OfPath(path) switch
            {
                { Kind: FileKind.Directory } => Measure(path),
                { Kind: FileKind.Regular, Length: var length } => (length + BytesPerFile - 1) / BytesPerFile * BytesPerFile,
                _ => 0,
            };
        }

        return bytes;
    }

    /// <summary>Deletes a directory with everything in it; of a link, only the link itself.</summary>
    /// <exception cref="IOException">It cannot be deleted, or not completely.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static void Remove(string directory)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(directory, "*", Everything))
        {
            if (IsDirectory(path))
            {
                Remove(path);
            }
            else
            {
                File.Delete(path);
            }
        }

        Directory.Delete(directory);
    }

    /// <summary>When anything in a turn's directory was last written, according to the file system.</summary>
    public static DateTimeOffset LastWrite(TurnDirectory turn)
    {
        var directory = Directory.GetLastWriteTimeUtc(turn.Root);
        var events = File.GetLastWriteTimeUtc(turn.EventsFile);
        return new DateTimeOffset(directory > events ? directory : events, TimeSpan.Zero);
    }

    public static bool IsDirectory(string path) => FileStatus.OfPath(path) is { Kind: FileKind.Directory };
}
