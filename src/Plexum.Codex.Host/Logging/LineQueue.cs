namespace Plexum.Codex.Host.Logging;

/// <summary>
/// Writes lines on a thread of its own, so that a disk that does not answer stops none of those who log. Usually a line is written when
/// <see cref="Append"/> returns. Once a write has taken too long, lines are kept in memory until the disk answers again, and beyond a
/// number of them left out. Thread-safe.
/// </summary>
/// <param name="write">Writes lines, and may throw.</param>
/// <param name="failed">Is told why lines are not in the file, as a sentence.</param>
internal sealed class LineQueue(Action<byte[]> write, Action<string> failed) : IDisposable
{
    /// <summary>How many lines are kept while the disk does not answer.</summary>
    public const int MaxWaiting = 4096;

    // Not a Lock, since it is waited on.
    private readonly object _gate = new();
    private readonly Queue<byte[]> _waiting = new();
    private Thread? _writer;
    private long _given;
    private long _written;
    private long _leftOut;
    private bool _isStuck;
    private bool _isClosed;

    /// <summary>How long a write may take before nobody waits for it.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether nothing is being written, or waits to be.</summary>
    public bool IsWritten
    {
        get
        {
            lock (_gate)
            {
                return _written == _given;
            }
        }
    }

    /// <summary>Adds lines, each with its line feed.</summary>
    public void Append(byte[] lines)
    {
        lock (_gate)
        {
            if (_isClosed || _waiting.Count >= MaxWaiting)
            {
                _leftOut++;
                return;
            }

            _waiting.Enqueue(lines);
            var number = ++_given;
            Begin();
            Monitor.PulseAll(_gate);
            AwaitWritten(number);
        }
    }

    /// <summary>Waits until all is written, no longer than for one line.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.PulseAll(_gate);
            AwaitWritten(_given);
        }
    }

    private void Begin()
    {
        if (_writer is null)
        {
            _writer = new Thread(Run) { IsBackground = true, Name = "log" };
            _writer.Start();
        }
    }

    private void AwaitWritten(long number)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (_written < number && !_isStuck)
        {
            var left = Limit - TimeProvider.System.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
            {
                _isStuck = _written < number;
            }
        }
    }

    private void Run()
    {
        while (Next() is { } lines)
        {
            Write(lines);
            long leftOut;
            lock (_gate)
            {
                (_isStuck, leftOut, _leftOut) = (false, _leftOut, 0);
                _written++;
                Monitor.PulseAll(_gate);
            }

            if (leftOut > 0)
            {
                failed(FormattableString.Invariant($"Its disk did not answer, and {leftOut} lines were left out."));
            }
        }
    }

    private byte[]? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            return _waiting.TryDequeue(out var lines) ? lines : null;
        }
    }

    private void Write(byte[] lines)
    {
        try
        {
            write(lines);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            failed(e.Message);
        }
    }
}
