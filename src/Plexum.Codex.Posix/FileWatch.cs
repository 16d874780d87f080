using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>
/// Reports writes to files. One inotify descriptor and one thread serve the whole process: a FileSystemWatcher takes both
/// for every directory (measured on .NET 10.0.12), and a machine allows 128 such descriptors per user.
/// </summary>
internal sealed class FileWatch
{
    private const int CloseOnExec = 0x80000;
    private const uint Modified = 0x2;
    private const uint ClosedAfterWriting = 0x8;
    private const uint Moved = 0x800;
    private const int HeaderBytes = 16;

    private static readonly Lazy<FileWatch?> Shared = new(TryStart);

    private readonly SafeFileHandle _inotify;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, List<Action>> _listeners = [];

    private FileWatch(SafeFileHandle inotify) => _inotify = inotify;

    /// <summary>Calls <paramref name="onChange"/> whenever the file is written to, on a thread that it must not block.</summary>
    /// <returns>Stops the calls when disposed; null if the file cannot be watched and must be polled.</returns>
    public static IDisposable? TryWatch(string path, Action onChange) =>
        OperatingSystem.IsLinux() && !IsRemote(path) ? Shared.Value?.Add(path, onChange) : null;

    private static FileWatch? TryStart()
    {
        var descriptor = Libc.InotifyInit(CloseOnExec);
        if (descriptor < 0)
        {
            return null;
        }

        var watch = new FileWatch(new SafeFileHandle(descriptor, ownsHandle: true));
        new Thread(watch.Run) { IsBackground = true, Name = "file watch" }.Start();
        return watch;
    }

    /// <summary>Whether the file is on a network drive: writes by another machine raise no event.</summary>
    private static bool IsRemote(string path)
    {
        try
        {
            return new DriveInfo(path).DriveType == DriveType.Network;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return true;
        }
    }

    private Subscription? Add(string path, Action onChange)
    {
        lock (_gate)
        {
            // The same file always gets the same number.
            var number = Libc.InotifyAddWatch(_inotify, path, Modified | ClosedAfterWriting | Moved);
            if (number < 0)
            {
                return null;
            }

            if (!_listeners.TryGetValue(number, out var listeners))
            {
                _listeners.Add(number, listeners = []);
            }

            listeners.Add(onChange);
            return new Subscription(this, number, onChange);
        }
    }

    private void Remove(int number, Action onChange)
    {
        lock (_gate)
        {
            if (_listeners.TryGetValue(number, out var listeners) && listeners.Remove(onChange) && listeners.Count == 0)
            {
                _listeners.Remove(number);
                _ = Libc.InotifyRemoveWatch(_inotify, number);
            }
        }
    }

    private void Run()
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = (int)Libc.Read(_inotify, buffer, buffer.Length);
            if (length < 0 && Marshal.GetLastPInvokeError() != 4)
            {
                // Apart from interrupted calls, reading an inotify descriptor does not fail.
                throw new IOException($"File changes can no longer be watched: {Libc.LastErrorText()}.");
            }

            for (var rest = buffer.AsSpan(0, Math.Max(length, 0)); rest.Length >= HeaderBytes; )
            {
                // int wd, uint mask, uint cookie, uint length, then the name
                Tell(MemoryMarshal.Read<int>(rest));
                rest = rest[(HeaderBytes + (int)MemoryMarshal.Read<uint>(rest[12..]))..];
            }
        }
    }

    private void Tell(int number)
    {
        const int QueueOverflow = -1;
        Action[] listeners;
        lock (_gate)
        {
            listeners =
                number == QueueOverflow ? [.. _listeners.Values.SelectMany(list => list)]
                : _listeners.TryGetValue(number, out var list) ? [.. list]
                : [];
        }

        foreach (var listener in listeners)
        {
            listener();
        }
    }

    private sealed class Subscription(FileWatch owner, int number, Action onChange) : IDisposable
    {
        public void Dispose() => owner.Remove(number, onChange);
    }
}
