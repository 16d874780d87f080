using Plexum.Codex.Json;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// The JSON that a process writes, with whole characters only: a peer's text may have half a surrogate pair, at which the MCP package
/// throws. It is read asynchronously only.
/// </summary>
internal sealed class WholeTextStream(Stream inner) : OuterStream(inner)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _settled;
    private int _end;
    private bool _atEnd;

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

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        // What is not settled is the beginning of an escape; a cancelled read must not lose it.
        _buffer.AsSpan(_settled, _end - _settled).CopyTo(_buffer);
        (_start, _settled, _end) = (0, 0, _end - _settled);
        var count = await Inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _atEnd = count == 0;
        _end += count;
        _settled = WholeText.MendJson(_buffer.AsSpan(0, _end), _atEnd);
    }
}
