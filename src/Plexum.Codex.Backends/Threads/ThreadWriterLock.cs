using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Threads;

/// <summary>
/// Codex's own exclusive right to write to a thread, taken and released as codex does it (measured on 0.169.0): a <c>flock</c> on
/// <c>thread-writer-locks/&lt;thread&gt;.lock</c> in its home. The file exists only while it is locked. It is created and removed
/// under another lock, <c>.coordination.lock</c>; otherwise two processes could hold locks on two files of the same name. While the
/// lock is held, codex answers <c>already has an active writer</c>.
/// </summary>
public sealed class ThreadWriterLock : IDisposable
{
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(250);

    private readonly SafeFileHandle _file;
    private readonly string _path;

    private ThreadWriterLock(SafeFileHandle file, string path) => (_file, _path) = (file, path);

    /// <summary>The path of a thread's lock file.</summary>
    public static string PathOf(string codexHome, ThreadId thread) => Path.Combine(codexHome, "thread-writer-locks", $"{thread}.lock");

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="codexHome">Codex's home.</param>
    /// <param name="thread">The thread.</param>
    /// <returns>The lock, or null.</returns>
    /// <exception cref="IOException">A lock file cannot be created.</exception>
    public static ThreadWriterLock? TryAcquire(string codexHome, ThreadId thread)
    {
        var path = PathOf(codexHome, thread);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var coordination = TryCoordinate(path);
        return coordination is not null && TryLock(path) is { } file ? new ThreadWriterLock(file, path) : null;
    }

    /// <summary>Takes the lock, waiting for it up to a limit.</summary>
    /// <param name="codexHome">Codex's home.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="time">The clock to wait by.</param>
    /// <exception cref="ThreadBusyException">It was not free within the limit.</exception>
    /// <exception cref="IOException">A lock file cannot be created.</exception>
    public static async Task<ThreadWriterLock> AcquireAsync(string codexHome, ThreadId thread, TimeSpan limit, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var start = time.GetTimestamp();
        for (var wait = MinWait; ; wait = wait * 2 < MaxWait ? wait * 2 : MaxWait)
        {
            if (TryAcquire(codexHome, thread) is { } acquired)
            {
                return acquired;
            }

            if (time.GetElapsedTime(start) >= limit)
            {
                var holder = LockHolder.Find(PathOf(codexHome, thread)) ?? new LockHolder(null, null);
                throw new ThreadBusyException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The thread {thread} was still locked by {holder} after {limit.TotalSeconds:0.#} s. "
                            + $"End that process or wait for it, then try again."
                    )
                );
            }

            await Task.Delay(wait, time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Releases the lock, and removes its file unless another process is checking it. A file left behind is harmless.</summary>
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

    // Just closing the file would leave the lock to a process that has been forked and has not reached its exec.
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
