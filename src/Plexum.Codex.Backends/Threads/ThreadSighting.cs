using System.Globalization;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Threads;

/// <summary>When and where codex last continued a thread.</summary>
/// <param name="CodexHome">Codex's home at that time, an absolute path.</param>
/// <param name="At">When.</param>
/// <param name="Sessions">Which directory <c>sessions/</c> in it was, as <see cref="SessionsOf"/> tells; null if unknown.</param>
public sealed record ThreadSighting(string CodexHome, DateTimeOffset At, string? Sessions = null)
{
    /// <summary>A thread that codex has just continued. Looks at the disk.</summary>
    public static ThreadSighting Of(string codexHome, DateTimeOffset at) => new(codexHome, at, SessionsOf(codexHome));

    /// <summary>
    /// Which directory the sessions of codex's home are: its device and inode. Where a disk is mounted, they differ with and without it.
    /// Null if there is no directory.
    /// </summary>
    public static string? SessionsOf(string codexHome) =>
        // The dot has the kernel follow a link.
        FileStatus.OfPath(Path.Combine(codexHome, "sessions", "."))
            is { Kind: FileKind.Directory } status
            ? string.Create(CultureInfo.InvariantCulture, $"{status.DeviceMajor}:{status.DeviceMinor}:{status.Inode}")
            : null;
}
