namespace Plexum.Codex.McpHost;

/// <summary>Bytes read from one side and not yet written to the other. Nothing more is read until all are written.</summary>
internal sealed class RelayBuffer(int from, int to)
{
    /// <summary>The bytes that a pipe accepts without blocking when poll reports it writable.</summary>
    private const int MaxAtOnce = 4096;

    private readonly byte[] _bytes = new byte[64 * 1024];
    private int _start;
    private int _end;

    public bool IsEmpty => _start == _end;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>Reads once.</summary>
    /// <returns>False at the end of the input.</returns>
    public unsafe bool Fill()
    {
        fixed (byte* bytes = _bytes)
        {
            var count = RelayCalls.Read(from, bytes, (nuint)_bytes.Length);
            (_start, _end) = (0, (int)Math.Max(count, 0));
            return count > 0;
        }
    }

    /// <summary>Writes once.</summary>
    /// <returns>False if the other side is gone.</returns>
    public unsafe bool Drain()
    {
        fixed (byte* bytes = _bytes)
        {
            var count = RelayCalls.Write(to, bytes + _start, (nuint)Math.Min(_end - _start, MaxAtOnce));
            _start += (int)Math.Max(count, 0);
            return count > 0;
        }
    }
}
