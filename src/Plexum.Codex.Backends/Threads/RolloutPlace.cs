using System.Globalization;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Threads;

/// <summary>
/// A directory that tells what has become of a thread's rollout: the one that it was in, or the nearest above it in which rollouts of other
/// threads were too.
/// </summary>
/// <param name="Directory">Its absolute path.</param>
/// <param name="Identity">
/// Which directory it was: its device, its inode and its birth. Device and inode alone come again: a new disk may get those of one that
/// was mounted before.
/// </param>
public sealed record RolloutPlace(string Directory, string Identity)
{
    /// <summary>Whether the very same directory is there now.</summary>
    public bool IsThere => IdentityOf(Directory) == Identity;

    /// <summary>The directory at a path; null if there is none, or if its file system does not record births.</summary>
    public static RolloutPlace? Of(string directory) =>
        IdentityOf(directory) is { } identity ? new RolloutPlace(directory, identity) : null;

    private static string? IdentityOf(string directory) =>
        // The dot has the kernel follow a link.
        FileStatus.OfPath(Path.Combine(directory, "."))
            is { Kind: FileKind.Directory, BornAt: { } bornAt } status
            ? string.Create(CultureInfo.InvariantCulture, $"{status.DeviceMajor}:{status.DeviceMinor}:{status.Inode}:{bornAt}")
            : null;
}
