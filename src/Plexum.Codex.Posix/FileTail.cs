using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Posix;

/// <summary>
/// Reads a file that another process is still appending to. A read waits for bytes; the end comes only after
/// <see cref="Complete"/>. The kernel reports changes; where it cannot (on a network file system), the file is polled every
/// <see cref="PollInterval"/>. One reader at a time; <see cref="Complete"/> may be called from any thread.
/// </summary>
public sealed class FileTail : IDisposable
{
    /// <summary>How often a file is polled that the kernel cannot watch.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;
    private readonly IDisposable? _watch;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _changed;
    private long _position;
    private volatile bool _completed;

    /// <summary>Opens an existing file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock for polling.</param>
    /// <param name="position">The offset to start at.</param>
    /// <param name="watch">False to poll always.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public FileTail(string path, TimeProvider time, long position = 0, bool watch = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        _time = time;
        _position = position;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _watch = watch ? FileWatch.TryWatch(path, Signal) : null;
    }

    /// <summary>The offset of the next byte that <see cref="ReadAsync"/> reads. Not to be asked for during a read.</summary>
    public long Position => _position;

    /// <summary>Whether the kernel reports changes of the file.</summary>
    public bool IsWatched => _watch is not null;

    /// <summary>Reports that the writer is done: the file will not grow any more.</summary>
    public void Complete()
    {
        _completed = true;
        Signal();
    }

    /// <summary>Reads the next bytes, waiting for them if there are none yet.</summary>
    /// <returns>How many bytes were read; 0 at the end.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; it may be started again.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Read the flag first, so that bytes written before Complete was called are seen by the read after it.
            var completed = _completed;
            var count = RandomAccess.Read(_file, buffer.Span, _position);
            _position += count;
            if (count > 0 || completed)
            {
                return count;
            }

            await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads at an offset without waiting, independently of the position of <see cref="ReadAsync"/>.</summary>
    /// <returns>How many bytes were read; 0 at or after the end of the file.</returns>
    public int ReadAt(long position, Span<byte> buffer) => RandomAccess.Read(_file, buffer, position);

    /// <summary>Waits until the file is longer than <paramref name="length"/>.</summary>
    /// <returns>False if the writer is done and the file is not longer.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; it may be started again.</exception>
    public async ValueTask<bool> WaitBeyondAsync(long length, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var completed = _completed;
            if (RandomAccess.GetLength(_file) > length)
            {
                return true;
            }

            if (completed)
            {
                return false;
            }

            await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _watch?.Dispose();
        _file.Dispose();
    }

    private void Signal()
    {
        lock (_gate)
        {
            _changed = true;
            _waiter?.TrySetResult();
        }
    }

    /// <summary>Waits for a change since the last wait.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task changed;
        lock (_gate)
        {
            if (_changed)
            {
                _changed = false;
                return;
            }

            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            changed = _waiter.Task;
        }

        try
        {
            await (
                _watch is null
                    ? Task.WhenAny(changed, Task.Delay(PollInterval, _time, cancellationToken))
                    : changed.WaitAsync(cancellationToken)
            ).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiter = null;
                _changed = false;
            }
        }
    }
}
