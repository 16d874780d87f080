using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Installation;

/// <summary>
/// A shared lock on a directory's program, which a daemon holds while it runs from there: its memory is private, so that an installation
/// cannot see what it has mapped. The kernel releases it when the process exits.
/// </summary>
internal static class ProgramMark
{
    private const int LockShared = 1;
    private const string Program = "plexum-codex";

    /// <summary>Marks the program of a directory as running.</summary>
    /// <returns>Ends it when disposed; null if the directory has no such program.</returns>
    public static IDisposable? Set(string directory)
    {
        var file = RegularFile.TryOpenRead(Path.Combine(directory, Program), followLinks: true, out _);
        if (file is not null)
        {
            // An installation that looks at this moment holds it very briefly.
            _ = Libc.Flock(file, LockShared);
        }

        return file;
    }

    /// <summary>Whether the program of a directory is running, as far as marks tell; also if that cannot be found out.</summary>
    public static bool IsSet(string directory)
    {
        using var file = RegularFile.TryOpenRead(Path.Combine(directory, Program), followLinks: true, out var problem);
        return file is null ? problem is not null : Libc.Flock(file, Libc.LockExclusive | Libc.LockNonBlocking) != 0;
    }
}
