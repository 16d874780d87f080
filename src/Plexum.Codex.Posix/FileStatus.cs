using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>The type of a file.</summary>
public enum FileKind
{
    /// <summary>A pipe, a device or anything else.</summary>
    Other,

    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A socket.</summary>
    Socket,
}

/// <summary>What <c>statx</c> reports about a file. Unlike that of <c>stat</c>, its structure is the same on every processor.</summary>
public readonly record struct FileStatus(
    FileKind Kind,
    long Length,
    ulong Inode,
    uint DeviceMajor,
    uint DeviceMinor,
    uint Owner,
    uint Group,
    uint Permissions
)
{
    private const int CurrentDirectory = -100;
    private const int DoNotFollow = 0x100;
    private const int EmptyPath = 0x1000;
    private const uint BornField = 0x800;
    private const uint Fields = 0x7ff | BornField;

    /// <summary>When it was created, in nanoseconds since 1970; null if its file system does not record that.</summary>
    public long? BornAt { get; private init; }

    /// <summary>How many names it has: its hard links.</summary>
    public uint Links { get; private init; }

    /// <summary>The status of a path, without following a link; null if nothing is there or it is inaccessible.</summary>
    public static FileStatus? OfPath(string path)
    {
        Span<byte> result = stackalloc byte[256];
        return Libc.Statx(CurrentDirectory, path, DoNotFollow, Fields, result) == 0 ? Read(result) : null;
    }

    /// <summary>The status of an open file.</summary>
    public static FileStatus? OfHandle(SafeFileHandle file)
    {
        Span<byte> result = stackalloc byte[256];
        var descriptor = (int)file.DangerousGetHandle();
        return Libc.Statx(descriptor, "", EmptyPath, Fields, result) == 0 ? Read(result) : null;
    }

    /// <summary>Its type with an article: <c>a file</c>.</summary>
    public string Describe() =>
        Kind switch
        {
            FileKind.Regular => "a file",
            FileKind.Directory => "a directory",
            FileKind.Link => "a link",
            FileKind.Socket => "a socket",
            _ => "not a file",
        };

    private static FileStatus Read(ReadOnlySpan<byte> statx)
    {
        var kind = (MemoryMarshal.Read<ushort>(statx[28..]) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.Link,
            0xC000 => FileKind.Socket,
            _ => FileKind.Other,
        };
        return new FileStatus(
            kind,
            MemoryMarshal.Read<long>(statx[40..]),
            MemoryMarshal.Read<ulong>(statx[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(statx[136..]),
            BinaryPrimitives.ReadUInt32LittleEndian(statx[140..]),
            MemoryMarshal.Read<uint>(statx[20..]),
            MemoryMarshal.Read<uint>(statx[24..]),
            MemoryMarshal.Read<ushort>(statx[28..]) & 0xFFFu
        )
        {
            Links = MemoryMarshal.Read<uint>(statx[16..]),
            BornAt =
                (MemoryMarshal.Read<uint>(statx) & BornField) == 0
                    ? null
                    : (MemoryMarshal.Read<long>(statx[80..]) * 1_000_000_000) + MemoryMarshal.Read<uint>(statx[88..]),
        };
    }
}
