using System.Globalization;
using Plexum.Codex.Streams;

namespace Plexum.Codex.Tools.Connections;

/// <summary>Fails a connection on which a line exceeds the limit, because the reader would buffer it all.</summary>
internal sealed class LineLimitStream(Stream inner, long max) : OuterStream(inner)
{
    private long _length;

    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Count(buffer.Span, count);
    }

    public override int Read(byte[] buffer, int offset, int count) => Count(buffer.AsSpan(offset), Inner.Read(buffer, offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        Inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => Inner.Write(buffer, offset, count);

    public override void Flush() => Inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => Inner.FlushAsync(cancellationToken);

    private int Count(ReadOnlySpan<byte> buffer, int count)
    {
        var end = buffer[..count].LastIndexOf((byte)'\n');
        _length = end < 0 ? _length + count : count - end - 1;
        return _length <= max
            ? count
            : throw new IOException(string.Create(CultureInfo.InvariantCulture, $"An MCP line exceeds {max} bytes."));
    }
}
