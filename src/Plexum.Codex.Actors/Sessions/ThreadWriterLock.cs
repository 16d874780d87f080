using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Sessions;

/// <summary>
/// codex's own right to write to a thread, taken and given back as codex does it (measured on 0.169.0): a <c>flock</c> on
/// <c>thread-writer-locks/&lt;thread&gt;.lock</c> in its home. The file is there only while somebody writes, so it is made and removed
/// under another lock, <c>.coordination.lock</c>; without that two could hold locks on two files of one name. While it is held
/// codex answers <c>already has an active writer</c>.
/// </summary>
public sealed class ThreadWriterLock : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);

    private readonly SafeFileHandle _file;
    private readonly string _path;

    private ThreadWriterLock(SafeFileHandle file, string path) => (_file, _path) = (file, path);

    /// <summary>The file of a thread's lock.</summary>
    public static string PathOf(string codexHome, ThreadId thread) =>
        Path.Combine(codexHome, "thread-writer-locks", $"{thread}.lock");

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="codexHome">codex's home.</param>
    /// <param name="thread">The thread.</param>
    /// <returns>The lock, or null.</returns>
    /// <exception cref="IOException">A file of it cannot be made.</exception>
    public static ThreadWriterLock? TryAcquire(string codexHome, ThreadId thread)
    {
        var path = PathOf(codexHome, thread);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var coordination = TryCoordinate(path);
        return coordination is not null && TryLock(path) is { } file ? new ThreadWriterLock(file, path) : null;
    }

    /// <summary>Takes the lock, and waits for it a while where it must.</summary>
    /// <param name="codexHome">codex's home.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="time">The clock to wait by.</param>
    /// <exception cref="ThreadBusyException">It was not free within the limit.</exception>
    /// <exception cref="IOException">A file of it cannot be made.</exception>
    public static async Task<ThreadWriterLock> AcquireAsync(string codexHome, ThreadId thread, TimeSpan limit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        for (var wait = ShortestWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            if (TryAcquire(codexHome, thread) is { } acquired)
            {
                return acquired;
            }

            if (time.GetElapsedTime(start) >= limit)
            {
                var holder = LockHolder.Find(PathOf(codexHome, thread)) ?? new LockHolder(null, null);
                throw new ThreadBusyException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{holder} writes to the thread {thread} and still did after {limit.TotalSeconds:0.#} seconds. End it or wait for it, then ask again."));
            }

            await Task.Delay(wait, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Gives the lock back, and removes its file where nobody is just looking at it; a file that stays does no harm.</summary>
    public void Dispose()
    {
        if (_file.IsClosed)
        {
            return;
        }

        using var coordination = TryCoordinate(_path);
        Unlock(_file);
        if (coordination is not null)
        {
            File.Delete(_path);
        }
    }

    private static Coordination? TryCoordinate(string path) =>
        TryLock(Path.Combine(Path.GetDirectoryName(path)!, ".coordination.lock")) is { } file ? new Coordination(file) : null;

    private static SafeFileHandle? TryLock(string path)
    {
        const int WouldBlock = 11;
        var file = RegularFile.Open(path, OpenFlags.ReadWrite | OpenFlags.Create);
        if (Libc.Flock(file, Libc.LockExclusive | Libc.LockNonBlocking) == 0)
        {
            return file;
        }

        var error = Marshal.GetLastPInvokeError();
        file.Dispose();
        return error == WouldBlock ? null : throw new IOException($"{path} cannot be locked: {Libc.ErrorText(error)}.");
    }

    // Closing alone would leave the lock to a process that is being forked just now and has not come to its exec.
    private static void Unlock(SafeFileHandle file)
    {
        _ = Libc.Flock(file, Libc.Unlock);
        file.Dispose();
    }

    private sealed class Coordination(SafeFileHandle file) : IDisposable
    {
        public void Dispose() => Unlock(file);
    }
}
