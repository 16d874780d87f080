using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Logging;

/// <summary>Reads a log of <see cref="LineFile"/>: its last lines, and then what is written, through every change of files.</summary>
/// <param name="path">The absolute path of the file that is written to.</param>
internal sealed class LogTail(string path) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly string _directory = Path.GetDirectoryName(path)!;
    private readonly string _name = Path.GetFileNameWithoutExtension(path);
    private readonly string _extension = Path.GetExtension(path);
    private readonly char[] _buffer = new char[4096];
    private readonly StringBuilder _unfinished = new();
    private StreamReader? _reader;
    private FileStatus _open;

    /// <summary>The last whole lines, also of older files.</summary>
    /// <param name="count">How many at most.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<string> Last(int count)
    {
        // The newest first, as far back as needed.
        var (files, missing) = (new Stack<(SafeFileHandle File, long From)>(), count);
        foreach (var name in Files().AsEnumerable().Reverse())
        {
            if (missing == 0 && files.Count > 0)
            {
                break;
            }

            if (Find(name) is { } file)
            {
                var (from, found) = LastLines.Find(file, missing);
                files.Push((file, from));
                missing -= found;
            }
        }

        var last = new List<string>();
        foreach (var (file, from) in files)
        {
            Read(file, from);
            last.AddRange(ReadLines());
        }

        // Some may have been written since they were counted.
        return [.. last.TakeLast(count)];
    }

    /// <summary>The lines that are written from where reading has ended.</summary>
    /// <param name="time">The clock to wait by.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public async IAsyncEnumerable<string> FollowAsync(TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Asked before the read: what was written before the file was renamed is then read for certain, and once more below.
            var next = Next();
            foreach (var line in ReadLines())
            {
                yield return line;
            }

            if (next is null)
            {
                await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (_reader is not null)
            {
                // A process may be about to write its line to the file that it still has open.
                await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
                foreach (var line in ReadLines())
                {
                    yield return line;
                }
            }

            OpenNext();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    // Oldest first, and last the one that is written to.
    private List<string> Files()
    {
        var full = Directory.Exists(_directory)
            ? Directory
                .EnumerateFiles(_directory, $"{_name}_*{_extension}")
                .Select(file => (File: file, Number: NumberOf(file)))
                .Where(file => file.Number is not null)
                .OrderBy(file => file.Number)
                .Select(file => file.File)
            : [];
        return [.. full, .. FileStatus.OfPath(path) is null ? [] : new[] { path }];
    }

    private int? NumberOf(string file) =>
        int.TryParse(
            Path.GetFileNameWithoutExtension(file).AsSpan(_name.Length + 1),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;

    // The file behind the one that is open; null while there is none. If the open one was removed meanwhile, all that are left are newer.
    private string? Next()
    {
        var files = Files();
        if (_reader is null)
        {
            return files.FirstOrDefault();
        }

        var index = files.FindIndex(file => FileStatus.OfPath(file) is { } status && IsOpen(status));
        return index + 1 < files.Count ? files[index + 1] : null;
    }

    private bool IsOpen(FileStatus status) =>
        (status.Inode, status.DeviceMajor, status.DeviceMinor) == (_open.Inode, _open.DeviceMajor, _open.DeviceMinor);

    // The file that is written to may be renamed between the look and the opening, and another one have its name by then.
    private void OpenNext()
    {
        while (Next() is { } file)
        {
            if (Find(file) is not { } handle)
            {
                continue;
            }

            if (Next() is { } still && FileStatus.OfPath(still) is { } there && FileStatus.OfHandle(handle)?.Inode == there.Inode)
            {
                Read(handle, from: 0);
                return;
            }

            handle.Dispose();
        }
    }

    // Removed meanwhile, it is left out: only the oldest is ever removed.
    private static SafeFileHandle? Find(string file)
    {
        var handle = RegularFile.TryOpenRead(file, followLinks: false, out var problem);
        return problem is null ? handle : throw new IOException($"The log {file} cannot be read: {problem}.");
    }

    private void Read(SafeFileHandle file, long from)
    {
        Dispose();
        _unfinished.Clear();
        _open = FileStatus.OfHandle(file) ?? default;
        var bytes = new FileStream(file, FileAccess.Read);
        bytes.Seek(from, SeekOrigin.Begin);
        _reader = new StreamReader(bytes, Encoding.UTF8);
    }

    private List<string> ReadLines()
    {
        var lines = new List<string>();
        while (_reader?.Read(_buffer) is > 0 and var count)
        {
            foreach (var character in _buffer.AsSpan(0, count))
            {
                if (character == '\n')
                {
                    lines.Add(_unfinished.ToString());
                    _unfinished.Clear();
                }
                else
                {
                    _unfinished.Append(character);
                }
            }
        }

        return lines;
    }
}
