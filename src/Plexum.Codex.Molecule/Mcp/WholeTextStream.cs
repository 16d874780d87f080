using Plexum.Codex.Json;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// The JSON that a process writes, with whole characters only: a peer's text may have half a surrogate pair, at which the MCP package
/// throws. It is read asynchronously only.
/// </summary>
internal sealed class WholeTextStream(Stream inner) : Stream
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _settled;
    private int _end;
    private bool _atEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _settled && !_atEnd)
        {
            await FillAsync(cancellationToken).ConfigureAwait(false);
        }

        var count = Math.Min(buffer.Length, _settled - _start);
        _buffer.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        // What is not settled is the beginning of an escape; a cancelled read must not lose it.
        _buffer.AsSpan(_settled, _end - _settled).CopyTo(_buffer);
        (_start, _settled, _end) = (0, 0, _end - _settled);
        var count = await inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _atEnd = count == 0;
        _end += count;
        _settled = WholeText.MendJson(_buffer.AsSpan(0, _end), _atEnd);
    }
}
