using System.Globalization;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Threads;

/// <summary>When and where codex last continued a thread.</summary>
/// <param name="CodexHome">Codex's home at that time, an absolute path.</param>
/// <param name="At">When.</param>
/// <param name="Sessions">Which directory <c>sessions/</c> in it was, as <see cref="SessionsOf"/> tells; null if unknown.</param>
/// <param name="Place">The directory below it that the rollout was in; null if unknown.</param>
public sealed record ThreadSighting(string CodexHome, DateTimeOffset At, string? Sessions = null, RolloutPlace? Place = null)
{
    /// <summary>Which directory the sessions of codex's home are, as <see cref="IdentityOf"/> tells.</summary>
    public static string? SessionsOf(string codexHome) => IdentityOf(Path.Combine(codexHome, "sessions"));

    /// <summary>
    /// Which directory is at a path: its device, its inode and its birth. Device and inode alone come again: a new disk may get those of
    /// one that was mounted before. Null if there is no directory, or if its file system does not record births.
    /// </summary>
    public static string? IdentityOf(string directory) =>
        // The dot has the kernel follow a link.
        FileStatus.OfPath(Path.Combine(directory, "."))
            is { Kind: FileKind.Directory, BornAt: { } bornAt } status
            ? string.Create(CultureInfo.InvariantCulture, $"{status.DeviceMajor}:{status.DeviceMinor}:{status.Inode}:{bornAt}")
            : null;
}
