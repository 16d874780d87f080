using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>
/// Replaces a file as a whole: readers see the old bytes or the new ones, even after a crash. The new file is created beside
/// the old one, exclusively and with mode 0600, and renamed over it; a link under either name is never followed.
/// </summary>
public static class AtomicFile
{
    /// <summary>Replaces the whole file with <paramref name="content"/>.</summary>
    /// <param name="path">The file. If it is a link, the link is replaced and its target stays.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="durable">Whether to wait until the bytes are on disk; otherwise a machine crash may restore the old file.</param>
    /// <exception cref="IOException">Nothing was replaced; the message names the file and the reason.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool durable = true)
    {
        var (directory, temporary) = Beside(path);
        try
        {
            Create(temporary, content, durable);
            if (Libc.Rename(temporary, path) != 0)
            {
                throw new IOException($"{path} cannot be replaced: {Libc.LastErrorText()}.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw e as IOException ?? new IOException($"{path} cannot be written: {e.Message}", e);
        }

        if (durable)
        {
            FlushDirectory(directory);
        }
    }

    /// <summary>
    /// Creates a whole file unless something has its name. Of all processes that try at once, one succeeds; a reader never sees a part.
    /// On a file system with neither <c>RENAME_NOREPLACE</c> nor hard links (exFAT, sshfs), a reader may see an empty file first, and a
    /// crash may leave one.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="content">The bytes.</param>
    /// <returns>Whether this call created it. If so, it is on disk.</returns>
    /// <exception cref="IOException">It cannot be created; the message names the file and the reason.</exception>
    public static bool TryCreate(string path, ReadOnlySpan<byte> content)
    {
        var (directory, temporary) = Beside(path);
        try
        {
            Create(temporary, content, durable: true);
            if (!(TryName(temporary, path) ?? TryCreateInPlace(path, content)))
            {
                return false;
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"{path} cannot be created: {e.Message}", e);
        }
        finally
        {
            File.Delete(temporary);
        }

        FlushDirectory(directory);
        return true;
    }

    /// <summary>Does it where a file can get its name only when it is created.</summary>
    internal static bool TryCreateInPlace(string path, ReadOnlySpan<byte> content)
    {
        FileStream stream;
        try
        {
            stream = OwnerOnly.CreateFile(path);
        }
        catch (IOException) when (FileStatus.OfPath(path) is not null)
        {
            return false;
        }

        using (stream)
        {
            try
            {
                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                File.Delete(path);
                throw;
            }
        }

        return true;
    }

    // Null if the file system can give a file a free name in neither way.
    private static bool? TryName(string temporary, string path)
    {
        const int WorkingDirectory = -100;
        const uint NoReplace = 1;
        const int NotPermitted = 1;
        const int Exists = 17;
        const int InvalidArgument = 22;
        const int NotImplemented = 38;
        const int NotSupported = 95;
        var error = ErrorOf(Libc.RenameAt2(WorkingDirectory, temporary, WorkingDirectory, path, NoReplace));
        if (error is InvalidArgument or NotImplemented or NotSupported)
        {
            error = ErrorOf(Libc.Link(temporary, path));
        }

        return error switch
        {
            0 => true,
            Exists => false,
            NotPermitted or NotImplemented or NotSupported => null,
            _ => throw new IOException($"{path} cannot be created: {Libc.ErrorText(error)}."),
        };
    }

    private static int ErrorOf(int result) => result == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Creates a file that must not exist yet, with mode 0600.</summary>
    /// <exception cref="IOException">It exists, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory is not writable.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content, bool durable = false)
    {
        using var stream = OwnerOnly.CreateFile(path);
        stream.Write(content);
        stream.Flush(flushToDisk: durable);
    }

    /// <summary>Makes the names in a directory durable. A file system that does not support this does not need it.</summary>
    public static void FlushDirectory(string path)
    {
        var descriptor = Libc.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.CloseOnExec, 0);
        if (descriptor >= 0)
        {
            using var directory = new SafeFileHandle(descriptor, ownsHandle: true);
            _ = Libc.Fsync(directory);
        }
    }

    private static (string Directory, string Temporary) Beside(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))
            ?? throw new IOException($"{path} cannot be written: it is the root directory.");
        return (directory, Path.Combine(directory, $"{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp"));
    }
}
