using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>
/// The exclusive right of one process to run turns of an agent, among all processes of this profile: a <c>flock</c> on a file in the
/// agent's directory. The kernel releases it when the process ends, however it ends. The file is never removed, since that would
/// let two processes hold locks on two files of the same name.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan MinWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(500);

    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="path">The lock file; created if missing.</param>
    /// <param name="holder">The current holder, if the lock is not free.</param>
    /// <returns>The lock, or null.</returns>
    /// <exception cref="IOException">The file cannot be opened, or it is no regular file.</exception>
    public static FileLock? TryAcquire(string path, out LockHolder? holder)
    {
        var file = RegularFile.Open(path, OpenFlags.ReadWrite | OpenFlags.Create);
        if (FileStatus.OfHandle(file) is not { Kind: FileKind.Regular })
        {
            file.Dispose();
            throw new IOException($"{path} cannot be a lock: it is not a file. Remove it.");
        }

        if (Libc.Flock(file, Libc.LockExclusive | Libc.LockNonBlocking) == 0)
        {
            holder = null;
            NoteHolder(file);
            return new FileLock(file);
        }

        using (file)
        {
            holder = LockHolder.Find(path) ?? ReadHolder(file);
            return null;
        }
    }

    /// <summary>Takes the lock, waiting for it if necessary.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="time">The clock to wait by.</param>
    /// <param name="onWait">Called once, before the first wait, with the holder.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static async Task<FileLock> AcquireAsync(
        string path,
        TimeProvider time,
        Action<LockHolder> onWait,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(onWait);
        for (var wait = MinWait; ; wait = wait * 2 < MaxWait ? wait * 2 : MaxWait)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryAcquire(path, out var holder) is { } acquired)
            {
                return acquired;
            }

            if (wait == MinWait)
            {
                onWait(holder!);
            }

            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            // Just closing the file would leave the lock to a process that has been forked and has not reached its exec.
            _ = Libc.Flock(_file, Libc.Unlock);
            _file.Dispose();
        }
    }

    // Most often the last holder was this process too, and a file that is made shorter costs more than all else here.
    private static void NoteHolder(SafeFileHandle file)
    {
        var own = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        Span<byte> noted = stackalloc byte[16];
        if (!noted[..RandomAccess.Read(file, noted, 0)].SequenceEqual(own))
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, own, 0);
        }
    }

    private static LockHolder ReadHolder(SafeFileHandle file)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = RandomAccess.Read(file, bytes, 0);
        return int.TryParse(Encoding.ASCII.GetString(bytes[..length]).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? LockHolder.Of(pid)
            : new LockHolder(null, null);
    }
}
