using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Retention;

/// <summary>The files of an ended turn as a whole. Links are never followed: one in the place of a directory is left alone.</summary>
internal static class TurnFiles
{
    // What a file takes beside its content; a turn has many small ones.
    private const long BytesPerFile = 4096;

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        RecurseSubdirectories = false,
    };

    /// <summary>Whether there is a directory that may be removed, with its way in the profile free of links.</summary>
    public static bool IsThere(AgentDirectory agent, TurnDirectory turn) =>
        IsDirectory(agent.Root) && IsDirectory(agent.Turns) && IsDirectory(turn.Root);

    /// <summary>How much room a directory takes, in bytes.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be looked at.</exception>
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

    /// <summary>Removes a directory with all that is in it; of a link only the link itself.</summary>
    /// <exception cref="IOException">It cannot be removed, or not wholly.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be removed.</exception>
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

    /// <summary>When something was last written to a turn, as the file system has it.</summary>
    public static DateTimeOffset LastWrite(TurnDirectory turn)
    {
        var directory = Directory.GetLastWriteTimeUtc(turn.Root);
        var events = File.GetLastWriteTimeUtc(turn.EventsFile);
        return new DateTimeOffset(directory > events ? directory : events, TimeSpan.Zero);
    }

    public static bool IsDirectory(string path) => FileStatus.OfPath(path) is { Kind: FileKind.Directory };
}
