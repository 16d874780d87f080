namespace Plexum.Codex.Host.Plugin;

/// <summary>Gives bytes in pieces of a size.</summary>
internal sealed class ChunkedStream(byte[] bytes, int size) : MemoryStream(bytes)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(size, buffer.Length)]);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
}
