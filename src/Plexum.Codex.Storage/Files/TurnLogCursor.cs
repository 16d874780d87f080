using System.Buffers;
using Plexum.Codex.Logs;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Files;

/// <summary>
/// A position in a turn's log that moves from event to event. It is cheap, so a log can have many readers: it holds a small buffer
/// while it reads, however long an event is, and none while it waits. For one reader; <see cref="Complete"/> may be called from
/// any thread.
/// </summary>
public sealed class TurnLogCursor : ITurnLogReader
{
    private const int WindowBytes = 16 * 1024;
    private const byte NewLine = (byte)'\n';

    private readonly FileTail _tail;
    private readonly byte[] _type = new byte[TurnLogTail.HeadBytes];
    private readonly long _afterSeq;
    private readonly LogPieces? _pieces;
    private byte[]? _rest;
    private byte[]? _window;
    private long _windowStart;
    private int _windowLength;
    private long _next;
    private long _scanned;
    private long _skip;
    private long _read;
    private long _end;
    private int _typeLength;

    /// <summary>Opens a log.</summary>
    /// <param name="path">The log, which must exist.</param>
    /// <param name="time">The clock for polling the file.</param>
    /// <param name="afterSeq">The last event already known; 0 for none.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public TurnLogCursor(string path, TimeProvider time, long afterSeq = 0)
    {
        _tail = new FileTail(path, time);
        _pieces = afterSeq > 0 ? LogPieces.TryLoad(path) : null;
        _afterSeq = afterSeq;
        _skip = _pieces is null ? afterSeq : 0;
    }

    /// <summary>The event's number.</summary>
    public long Seq { get; private set; }

    /// <summary>The event's type.</summary>
    public ReadOnlySpan<byte> Type => _type.AsSpan(0, _typeLength);

    /// <summary>Whether it is the <c>message_end</c>, the last event of a log.</summary>
    public bool IsEnd => Type.SequenceEqual("message_end"u8);

    /// <summary>How many bytes of the event's JSON are still unread.</summary>
    public long Length => _end - _read;

    /// <summary>Reports that the turn is over: the log will not grow any more.</summary>
    public void Complete() => _tail.Complete();

    /// <summary>Waits for more of the log than <see cref="TryNext"/> has seen; false if no more will come.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; it may be started again.</exception>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken = default) => _tail.WaitBeyondAsync(_scanned, cancellationToken);

    /// <summary>Moves to the next event; false if it is not complete yet.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public bool TryNext()
    {
        while (FindNewLine() is >= 0 and var end)
        {
            (_read, _end, _rest) = (_next, end, null);
            _next = _scanned = end + 1;

            // Line n of a log that was not compacted is event n, so events already known need not be parsed.
            if (_skip > 0)
            {
                _skip--;
            }
            else if (ReadHead() > _afterSeq)
            {
                TakeRest();
                return true;
            }
        }

        _read = _end;
        Release();
        return false;
    }

    /// <summary>Reads the next bytes of the event's JSON.</summary>
    /// <returns>How many bytes were read; 0 at the event's end.</returns>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public int Read(Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Min(buffer.Length, Length)];
        if (_rest is { } rest)
        {
            rest.AsSpan((int)_read, buffer.Length).CopyTo(buffer);
            _read += buffer.Length;
            return buffer.Length;
        }

        var offset = _read - _windowStart;
        int count;
        if (offset >= 0 && offset < _windowLength)
        {
            count = Math.Min(buffer.Length, _windowLength - (int)offset);
            _window.AsSpan((int)offset, count).CopyTo(buffer);
        }
        else
        {
            count = buffer.IsEmpty ? 0 : _tail.ReadAt(_read, buffer);
        }

        _read += count;
        return count;
    }

    /// <summary>Fills the buffer with bytes of the event's JSON.</summary>
    /// <exception cref="IOException">The log cannot be read, or has been truncated.</exception>
    public void ReadExactly(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var count = Read(buffer);
            buffer =
                count > 0
                    ? buffer[count..]
                    : throw new IOException("The turn's log ends in the middle of an event; something else changed it.");
        }
    }

    /// <summary>Closes the log.</summary>
    public void Dispose()
    {
        Release();
        _tail.Dispose();
    }

    // A message of which the reader has the first pieces already is shortened by them.
    private void TakeRest()
    {
        if (_pieces is null || !Type.EndsWith("_delta"u8))
        {
            return;
        }

        var start = _read;
        var line = new byte[Length];
        ReadExactly(line);
        _rest = _pieces.RestOf(Seq, line, _afterSeq);
        (_read, _end) = _rest is null ? (start, _end) : (0, _rest.Length);
    }

    private long ReadHead()
    {
        Span<byte> head = stackalloc byte[TurnLogTail.HeadBytes];
        var start = _read;
        head = head[..Read(head)];
        _read = start;
        Seq = TurnLogTail.ReadHead(head, out var type);
        type.CopyTo(_type);
        _typeLength = type.Length;
        return Seq;
    }

    /// <summary>The position of the next newline, searched from where the last search ended; -1 if the file has none.</summary>
    private long FindNewLine()
    {
        while (true)
        {
            var offset = _scanned - _windowStart;
            if (offset >= 0 && offset < _windowLength)
            {
                var found = _window.AsSpan((int)offset, _windowLength - (int)offset).IndexOf(NewLine);
                if (found >= 0)
                {
                    return _scanned + found;
                }

                _scanned = _windowStart + _windowLength;
            }

            _window ??= ArrayPool<byte>.Shared.Rent(WindowBytes);

            // Start at the line's beginning if the line may fit, so its bytes are not read twice.
            _windowStart = _scanned - _next < WindowBytes / 2 ? _next : _scanned;
            _windowLength = _tail.ReadAt(_windowStart, _window);
            if (_windowStart + _windowLength <= _scanned)
            {
                return -1;
            }
        }
    }

    // A partial line is read again when the rest arrives, so that waiting holds no buffer.
    private void Release()
    {
        if (_window is { } window)
        {
            _window = null;
            _windowLength = 0;
            ArrayPool<byte>.Shared.Return(window);
        }
    }
}
