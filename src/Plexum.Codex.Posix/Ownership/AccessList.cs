using System.Runtime.InteropServices;

namespace Plexum.Codex.Posix.Ownership;

/// <summary>Access control lists: acl(5). They give rights to users and groups that the mode does not name.</summary>
internal static partial class AccessList
{
    /// <summary>Whether a path has one. Where the group's rights are, its mode then shows the most that anybody on the list gets.</summary>
    public static bool IsAt(string path) => GetAttribute(path, "system.posix_acl_access", 0, 0) > 0;

    [LibraryImport("libc", EntryPoint = "lgetxattr", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, nint value, nuint size);
}
