using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Json;
using Plexum.Codex.Rollouts.Locating;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// Scans a part of a rollout once and returns the records that may matter (<see cref="RolloutHead"/>). Other records are never
/// buffered whole, so memory depends on the longest record that matters and not on the file.
/// </summary>
internal sealed class RolloutScanner : IDisposable
{
    /// <summary>The longest record that is parsed: 16 MiB, as in the Go plugin.</summary>
    public const int MaxLineBytes = RolloutLimits.Most;

    /// <summary>The default buffer size: one read fills it, and it fits into a processor's L2 cache.</summary>
    internal const int DefaultBufferBytes = 128 * 1024;

    private const byte NewLine = (byte)'\n';

    private readonly SafeFileHandle _file;
    private readonly int _maxLineBytes;
    private readonly int _pieceBytes;
    private readonly long _to;
    private byte[] _buffer = ByteBuffers.Rent(DefaultBufferBytes);
    private int _start;
    private int _scanned;
    private int _end;
    private long _readTo;
    private long _lineOffset;
    private long _passed;
    private bool _passing;
    private bool _tooLong;

    /// <summary>Scans the bytes from <paramref name="from"/> to <paramref name="to"/>.</summary>
    /// <param name="file">The rollout; the caller closes it.</param>
    /// <param name="from">The first byte.</param>
    /// <param name="to">The end, exclusive.</param>
    /// <param name="maxLineBytes">The longest record that is returned with its bytes.</param>
    /// <param name="pieceBytes">The maximum size of one read.</param>
    public RolloutScanner(SafeFileHandle file, long from, long to, int maxLineBytes = MaxLineBytes, int pieceBytes = DefaultBufferBytes)
    {
        (_file, _maxLineBytes, _pieceBytes) = (file, maxLineBytes, pieceBytes);
        (_readTo, _lineOffset, _to) = (from, from, to);
    }

    /// <summary>The length of the longest record so far in bytes, whether it mattered or not.</summary>
    public long LongestLineSeen { get; private set; }

    /// <summary>The next record that may matter, or one that is too long to parse. Its bytes are valid until the next call.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool TryRead(out JsonlLine line)
    {
        while (true)
        {
            var found = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf(NewLine);
            if (found < 0)
            {
                _scanned = _end;
                if (Fill())
                {
                    continue;
                }

                return TakeLine(_end, ending: 0, out line);
            }

            if (TakeLine(_scanned + found, ending: 1, out line))
            {
                return true;
            }
        }
    }

    /// <summary>Returns the buffer to the pool.</summary>
    public void Dispose()
    {
        ByteBuffers.Return(_buffer);
        _buffer = [];
        _start = _scanned = _end = 0;
    }

    private bool TakeLine(int end, int ending, out JsonlLine line)
    {
        var bytes = _buffer.AsSpan(_start, end - _start);
        var (offset, length, passing) = (_lineOffset, _passed + bytes.Length, _passing);
        var tooLong = _tooLong || bytes.Length > _maxLineBytes;
        _start = _scanned = end + ending;
        _lineOffset += length + ending;
        (_passed, _passing, _tooLong) = (0, false, false);
        LongestLineSeen = Math.Max(LongestLineSeen, length);
        if (length == 0 || (passing && !tooLong) || (!passing && !RolloutHead.MayMatter(bytes)))
        {
            line = default;
            return false;
        }

        line = new JsonlLine(tooLong ? [] : bytes, offset, length);
        return true;
    }

    /// <summary>Reads more bytes; false at the end.</summary>
    private bool Fill()
    {
        JudgeHeld();
        var held = _end - _start;
        if (_buffer.Length > 2 * DefaultBufferBytes && held <= DefaultBufferBytes / 2)
        {
            MoveTo(ByteBuffers.Rent(DefaultBufferBytes));
        }
        else if (_start > 0)
        {
            MoveTo(_buffer);
        }

        if (_end == _buffer.Length)
        {
            MoveTo(Larger());
        }

        var room = (int)Math.Min(Math.Min(_buffer.Length - _end, _pieceBytes), _to - _readTo);
        var count = room > 0 ? RandomAccess.Read(_file, _buffer.AsSpan(_end, room), _readTo) : 0;
        _readTo += count;
        _end += count;
        return count > 0;
    }

    /// <summary>Drops the buffered part of a record that does not matter or is too long.</summary>
    private void JudgeHeld()
    {
        var held = _buffer.AsSpan(_start, _end - _start);
        if (!_passing && held.Length > Math.Min(RolloutHead.Bytes, _maxLineBytes))
        {
            var matters = RolloutHead.MayMatter(held);
            _tooLong = matters && held.Length > _maxLineBytes;
            _passing = !matters || _tooLong;
        }

        if (_passing)
        {
            _passed += held.Length;
            _start = _scanned = _end;
        }
    }

    private byte[] Larger() => ByteBuffers.Rent((int)Math.Min(2L * _buffer.Length, (long)_maxLineBytes + DefaultBufferBytes));

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
