using System.Runtime.InteropServices;

namespace Plexum.Codex.Posix;

/// <summary>The permissions that no file or directory made by this process gets. The programs it starts inherit them.</summary>
public static partial class Umask
{
    private const uint GroupAndOthers = 0x3F;

    /// <summary>From here on what this process creates is accessible only to its owner: <c>umask 077</c>.</summary>
    public static void OwnerOnly() => _ = Set(GroupAndOthers);

    // It always succeeds, and returns the mask of before.
    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Set(uint mask);
}
