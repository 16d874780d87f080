namespace Plexum.Codex.Json;

/// <summary>
/// Splits bytes that arrive in chunks of any size into lines. A line ends at a newline, with or without a carriage return before
/// it, or at the end of the bytes; empty lines are skipped. Each byte is examined once, however long the line and however small the
/// chunks. A line that is too long is not kept: it is reported with its length when it ends. Not thread-safe.
/// </summary>
public sealed class JsonlFramer : IDisposable
{
    /// <summary>The default maximum length of a line: 64 MiB, ten times the longest line seen from codex.</summary>
    public const int DefaultMaxLineBytes = 64 * 1024 * 1024;

    /// <summary>The size of the buffer while lines are short. One read fills it, and it fits into a processor's L2 cache.</summary>
    internal const int DefaultBufferBytes = 128 * 1024;

    private const int MinRead = 16 * 1024;
    private const byte NewLine = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';

    private readonly int _maxLineBytes;
    private byte[] _buffer = ByteBuffers.Rent(DefaultBufferBytes);
    private int _start;
    private int _scanned;
    private int _end;
    private long _offset;
    private long _skipped;
    private bool _skipping;
    private bool _skippedReturn;
    private bool _completed;

    /// <summary>Creates an empty framer.</summary>
    /// <param name="maxLineBytes">The maximum length of a line, without its ending.</param>
    /// <param name="offset">The offset in the file of the first byte to come, for <see cref="JsonlLine.Offset"/>.</param>
    public JsonlFramer(int maxLineBytes = DefaultMaxLineBytes, long offset = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLineBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxLineBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        _maxLineBytes = maxLineBytes;
        _offset = offset;
    }

    /// <summary>The offset in the file of the first byte that is not yet part of a line.</summary>
    public long Offset => _offset;

    /// <summary>The size of the buffer, for monitoring memory.</summary>
    internal int BufferBytes => _buffer.Length;

    /// <summary>Space for the next bytes. Invalidates the line that <see cref="TryRead"/> returned last.</summary>
    public Memory<byte> GetMemory()
    {
        if (_start == _end)
        {
            _start = _scanned = _end = 0;
        }

        var held = _end - _start;
        if (_buffer.Length > 2 * DefaultBufferBytes && held <= DefaultBufferBytes / 2)
        {
            MoveTo(ByteBuffers.Rent(DefaultBufferBytes));
        }
        else if (_buffer.Length - _end < MinRead)
        {
            // Doubling keeps the copying linear; moving data within the buffer costs at most half of what has been read since.
            MoveTo(held > _buffer.Length / 2 ? Larger() : _buffer);
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>Reports how many bytes were written into the space.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _end);
        _end += count;
    }

    /// <summary>Reports that no more bytes will come, so that the remainder is a line.</summary>
    public void Complete() => _completed = true;

    /// <summary>The next complete line; false if more bytes are needed. Its bytes are valid until the next call of any method.</summary>
    public bool TryRead(out JsonlLine line)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf(NewLine);
            if (found < 0)
            {
                return TryReadLast(out line);
            }

            var end = _scanned + found;
            var content = _buffer.AsSpan(_start, end - _start);
            var lineOffset = _offset;
            _start = _scanned = end + 1;
            _offset += content.Length + 1;
            if (TryTake(content, lineOffset, out line))
            {
                return true;
            }
        }
    }

    /// <summary>Returns the buffer.</summary>
    public void Dispose()
    {
        ByteBuffers.Return(_buffer);
        _buffer = [];
        _start = _scanned = _end = 0;
    }

    private bool TryReadLast(out JsonlLine line)
    {
        _scanned = _end;
        var held = _buffer.AsSpan(_start, _end - _start);

        // One byte more than the limit may still be a carriage return.
        if (_skipping || held.Length > _maxLineBytes + 1)
        {
            _skipping = true;
            _skipped += held.Length;
            _skippedReturn = held.IsEmpty ? _skippedReturn : held[^1] == CarriageReturn;
            _offset += held.Length;
            _start = _end;
            held = [];
        }

        if (_completed && (held.Length > 0 || _skipping))
        {
            var lineOffset = _offset;
            _offset += held.Length;
            _start = _end;
            return TryTake(held, lineOffset, out line);
        }

        line = default;
        return false;
    }

    private bool TryTake(ReadOnlySpan<byte> content, long offset, out JsonlLine line)
    {
        var returnBytes = (content.IsEmpty ? _skippedReturn : content[^1] == CarriageReturn) ? 1 : 0;
        if (!_skipping && content.Length - returnBytes <= _maxLineBytes)
        {
            content = content[..^returnBytes];
            line = new JsonlLine(content, offset, content.Length);
            return content.Length > 0;
        }

        line = new JsonlLine([], offset - _skipped, _skipped + content.Length - returnBytes);
        _skipping = _skippedReturn = false;
        _skipped = 0;
        return true;
    }

    private byte[] Larger()
    {
        // An incomplete line is at most as long as the limit plus one read, since a longer one is not kept.
        var size = Math.Min(2L * _buffer.Length, _maxLineBytes + (2L * DefaultBufferBytes));
        if (size <= _buffer.Length)
        {
            throw new InvalidOperationException("The framer is full of lines; read them with TryRead before adding more bytes.");
        }

        return ByteBuffers.Rent((int)size);
    }

    private void MoveTo(byte[] target)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        _scanned -= _start;
        _end -= _start;
        _start = 0;
        if (target != _buffer)
        {
            ByteBuffers.Return(_buffer);
            _buffer = target;
        }
    }
}
