using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Logging;

/// <summary>
/// A file of lines that several processes write at once. Each line is one <c>write</c> at the end of the file (<c>O_APPEND</c>), so none is
/// lost or overwritten, and nobody waits for another process. A full file is renamed to <c>NAME_001.EXT</c> and so on, and only the newest
/// are kept. What fails once is tried again with the next line. Thread-safe.
/// </summary>
/// <param name="path">Its absolute path. It is created with mode 0600; a link or a pipe in its place is refused.</param>
/// <param name="maxBytes">The size at which the next line begins a new file. While a process holds a lock on the file, it grows on.</param>
/// <param name="kept">How many files are kept, this one included.</param>
// Own code: Serilog's shared file takes a mutex for each line that every user of the machine may hold, as it is a file in /tmp with mode
// 0666, and its other file is for one process.
internal sealed class LineFile(string path, long maxBytes, int kept) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _directory = Path.GetDirectoryName(path)!;
    private readonly string _name = Path.GetFileNameWithoutExtension(path);
    private readonly string _extension = Path.GetExtension(path);
    private SafeFileHandle? _file;

    /// <summary>Adds a line, or several.</summary>
    /// <param name="lines">Them, each with its line feed.</param>
    /// <exception cref="IOException">They are not in the file, or only in part; the message says why.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        lock (_gate)
        {
            try
            {
                BeginAnotherIfFull(lines.Length);
            }
            finally
            {
                // A file that cannot be renamed grows on.
                var (file, length) = Current();
                Write(file, IsTorn(file, length) ? (byte[])[(byte)'\n', .. lines] : lines);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    // Another process may have renamed it, and somebody may have removed it.
    private (SafeFileHandle File, long Length) Current()
    {
        if (_file is not null && FileStatus.OfHandle(_file) is { } open && FileStatus.OfPath(path) is { } there && IsSame(open, there))
        {
            return (_file, open.Length);
        }

        Close();
        var file = RegularFile.Open(path, OpenFlags.ReadWrite | OpenFlags.Append | OpenFlags.Create | OpenFlags.NonBlocking);
        if (FileStatus.OfHandle(file) is not { Kind: FileKind.Regular, Length: var length })
        {
            file.Dispose();
            throw new IOException($"{path} cannot be written: it is not a file.");
        }

        return (_file = file, length);
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    // A full disk, or the end of a process, may have cut off the last line, whoever wrote it. While another process writes, the file may
    // end in the middle of a line for a moment, so only an end that stays is believed.
    private static bool IsTorn(SafeFileHandle file, long length)
    {
        for (long seen = -1; length > 0 && !EndsInALine(file, length); length = FileStatus.OfHandle(file)?.Length ?? 0)
        {
            if (length == seen)
            {
                return true;
            }

            seen = length;
            Thread.Yield();
        }

        return false;
    }

    private static bool EndsInALine(SafeFileHandle file, long length)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(file, last, length - 1) == 0 || last[0] == (byte)'\n';
    }

    private void Write(SafeFileHandle file, ReadOnlySpan<byte> lines)
    {
        var written = Libc.Write(file, lines, lines.Length);
        if (written != lines.Length)
        {
            var problem = written < 0 ? Libc.LastErrorText() : "there is no room for a whole line";
            throw new IOException($"{path} cannot be written: {problem}.");
        }
    }

    private void BeginAnotherIfFull(int more)
    {
        var (file, length) = Current();
        if (length == 0 || length + more <= maxBytes)
        {
            return;
        }

        // The lock is for two processes that find the file full at once. Whoever may read the file can hold it, so nobody waits for it.
        if (Libc.Flock(file, Libc.LockExclusive | Libc.LockNonBlocking) != 0)
        {
            return;
        }

        try
        {
            if (FileStatus.OfHandle(file) is { } open && FileStatus.OfPath(path) is { } there && IsSame(open, there))
            {
                Rename();
            }
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException(e.Message, e);
        }
        finally
        {
            _ = Libc.Flock(file, Libc.Unlock);
        }
    }

    private void Rename()
    {
        var number = Full().Select(NumberOf).DefaultIfEmpty(0).Max() + 1;
        var next = string.Create(CultureInfo.InvariantCulture, $"{_name}_{number:D3}{_extension}");
        if (Libc.Rename(path, Path.Combine(_directory, next)) != 0)
        {
            throw new IOException($"{path} cannot be renamed to {next}: {Libc.LastErrorText()}.");
        }

        foreach (var old in Full().OrderByDescending(NumberOf).ThenByDescending(old => old.Name, StringComparer.Ordinal).Skip(kept - 1))
        {
            old.Delete();
        }
    }

    // Earlier versions had the day in the name: NAME-20260131.EXT, NAME-20260131_001.EXT.
    private IEnumerable<FileInfo> Full() =>
        new DirectoryInfo(_directory)
            .EnumerateFiles($"{_name}*{_extension}")
            .Where(file =>
                file.Name.AsSpan(_name.Length) is ['_' or '-', var first, ..]
                && char.IsAsciiDigit(first)
                && file.Name.EndsWith(_extension, StringComparison.Ordinal)
            );

    // 0 for one of an earlier version, which is older than all that have a number.
    private int NumberOf(FileInfo file) =>
        file.Name[_name.Length] == '_'
        && int.TryParse(
            file.Name.AsSpan(_name.Length + 1, file.Name.Length - _name.Length - 1 - _extension.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;

    private static bool IsSame(FileStatus one, FileStatus other) =>
        (one.Inode, one.DeviceMajor, one.DeviceMinor) == (other.Inode, other.DeviceMajor, other.DeviceMinor);
}
