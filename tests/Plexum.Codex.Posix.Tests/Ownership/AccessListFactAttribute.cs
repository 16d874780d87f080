using System.Runtime.InteropServices;

namespace Plexum.Codex.Posix.Ownership;

/// <summary>A test with an access control list. It is skipped, with the reason, where files cannot have any.</summary>
public sealed class AccessListFactAttribute : FactAttribute
{
    // linux/posix_acl_xattr.h: version 2, then tag, rights and id of each entry: owner rw, user 12345 rw, group r, mask rw, others none.
    private static readonly byte[] List =
    [
        .. new byte[] { 2, 0, 0, 0 },
        .. new byte[] { 0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff },
        .. new byte[] { 0x02, 0, 6, 0, 0x39, 0x30, 0, 0 },
        .. new byte[] { 0x04, 0, 4, 0, 0xff, 0xff, 0xff, 0xff },
        .. new byte[] { 0x10, 0, 6, 0, 0xff, 0xff, 0xff, 0xff },
        .. new byte[] { 0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff },
    ];

    /// <summary>Finds out whether files can have one.</summary>
    public AccessListFactAttribute()
    {
        using var directory = new TemporaryDirectory();
        Skip = TrySet(directory.Write("file", "")) ? null : "The file system of temporary files has no access control lists.";
    }

    /// <summary>Gives a file a list that lets another user write to it.</summary>
    public static void Set(string path) => Assert.True(TrySet(path));

    private static bool TrySet(string path) => SetAttribute(path, "system.posix_acl_access", List, (nuint)List.Length, 0) == 0;

    [DllImport("libc", EntryPoint = "lsetxattr")]
    private static extern int SetAttribute(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string path,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        byte[] value,
        nuint size,
        int flags
    );
}
