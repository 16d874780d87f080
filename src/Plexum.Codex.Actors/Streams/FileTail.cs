using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Streams;

/// <summary>
/// Reads a file that another process still appends to. A read waits until there are bytes; the end comes only after
/// <see cref="Complete"/>. The kernel says when the file has grown; where it cannot (a network file system), the file is looked
/// at every <see cref="PollInterval"/>. One reader at a time; <see cref="Complete"/> may be called from anywhere.
/// </summary>
public sealed class FileTail : IDisposable
{
    /// <summary>How often a file is looked at that the kernel cannot watch.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    private readonly SafeFileHandle _file;
    private readonly TimeProvider _time;
    private readonly IDisposable? _watch;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _waiter;
    private bool _changed;
    private long _position;
    private volatile bool _completed;

    /// <summary>Opens the file, which must exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock of the polling.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="watch">False to poll in any case.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public FileTail(string path, TimeProvider time, long position = 0, bool watch = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        _time = time;
        _position = position;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _watch = watch ? FileWatch.TryWatch(path, Signal) : null;
    }

    /// <summary>Whether the kernel says when the file has grown.</summary>
    public bool IsWatched => _watch is not null;

    /// <summary>Says that the writer is done: what is in the file now is all there will be.</summary>
    public void Complete()
    {
        _completed = true;
        Signal();
    }

    /// <summary>Reads the next bytes, and waits for them where there are none yet.</summary>
    /// <returns>How many; 0 at the end.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended; it may be begun again.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // In this order: bytes that were written before the end was told are seen by the read after it.
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

    /// <summary>Reads what is at a place now, and does not wait. It has nothing to do with where <see cref="ReadAsync"/> is.</summary>
    /// <returns>How many bytes; 0 behind the last one.</returns>
    public int ReadAt(long position, Span<byte> buffer) => RandomAccess.Read(_file, buffer, position);

    /// <summary>Waits until the file is longer than <paramref name="length"/>.</summary>
    /// <returns>False when it is not and never will be, because the writer is done.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended; it may be begun again.</exception>
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
            await (_watch is null ? Task.WhenAny(changed, Task.Delay(PollInterval, _time, cancellationToken)) : changed.WaitAsync(cancellationToken))
                .ConfigureAwait(false);
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
