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
    /// <summary>Which directory the sessions of codex's home are; null if there are none.</summary>
    public static string? SessionsOf(string codexHome) => IdentityOf(Path.Combine(codexHome, "sessions"));

    /// <summary>
    /// Which directory is at a path: its device and inode. Where a disk is mounted, they differ with and without it. Null if there is
    /// no directory.
    /// </summary>
    public static string? IdentityOf(string directory) =>
        // The dot has the kernel follow a link.
        FileStatus.OfPath(Path.Combine(directory, "."))
            is { Kind: FileKind.Directory } status
            ? string.Create(CultureInfo.InvariantCulture, $"{status.DeviceMajor}:{status.DeviceMinor}:{status.Inode}")
            : null;
}
