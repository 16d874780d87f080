using System.Runtime.InteropServices;

namespace Plexum.Codex.Posix.Resources;

/// <summary>The room that a file system has left for this user, as <c>statvfs</c> reports it. Quotas are not counted.</summary>
/// <param name="FreeBytes">The free bytes that this user may use.</param>
/// <param name="FreeFiles">The free inodes; null if the file system has no fixed number of them, such as btrfs.</param>
public readonly partial record struct FileSystemRoom(long FreeBytes, long? FreeFiles)
{
    // struct statvfs of a 64-bit Linux: eleven words of 8 bytes, then some spare ones. glibc and musl agree on it.
    private const int Size = 256;
    private const int FragmentSize = 8;
    private const int AllBlocks = 16;
    private const int AvailableBlocks = 32;
    private const int AllFiles = 40;
    private const int AvailableFiles = 56;

    // A ledger needs 32 KiB for the index of its write-ahead log before it can even be read.
    private const long TooLittle = 64 * 1024;

    // open(2), write(2): no room on the device, or none left for this user.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Whether something failed because there is no room for it.</summary>
    public static bool IsShortage(IOException e) => e is { HResult: NoSpace or QuotaExceeded };

    /// <summary>Whether there is next to no room where a path is; false if that cannot be read, or where there is never any.</summary>
    /// <param name="path">An existing file or directory.</param>
    public static bool IsExhausted(string path)
    {
        try
        {
            return Of(path, out var isOfData) is { FreeBytes: < TooLittle } or { FreeFiles: 0 } && isOfData;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The room where a path is.</summary>
    /// <param name="path">An existing file or directory.</param>
    /// <exception cref="IOException">It cannot be read; the message names the path and the reason.</exception>
    public static FileSystemRoom Of(string path) => Of(path, out _);

    // One that holds no data, such as /proc, has no blocks.
    private static FileSystemRoom Of(string path, out bool isOfData)
    {
        Span<byte> result = stackalloc byte[Size];
        if (Statvfs(path, result) != 0)
        {
            throw new IOException($"The room on the file system of {path} cannot be read: {Libc.LastErrorText()}.");
        }

        isOfData = MemoryMarshal.Read<ulong>(result[AllBlocks..]) > 0;
        var bytes = (UInt128)MemoryMarshal.Read<ulong>(result[FragmentSize..]) * MemoryMarshal.Read<ulong>(result[AvailableBlocks..]);
        var files = MemoryMarshal.Read<ulong>(result[AvailableFiles..]);
        return new FileSystemRoom(
            bytes > (UInt128)long.MaxValue ? long.MaxValue : (long)bytes,
            MemoryMarshal.Read<ulong>(result[AllFiles..]) == 0 ? null : (long)Math.Min(files, long.MaxValue)
        );
    }

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statvfs(string path, Span<byte> result);
}
