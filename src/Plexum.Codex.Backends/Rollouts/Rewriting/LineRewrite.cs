using System.Buffers;

namespace Plexum.Codex.Rollouts.Rewriting;

/// <summary>A range of a rollout that is overwritten with a shorter value, padded with spaces.</summary>
/// <param name="Offset">The offset of the range in the file.</param>
/// <param name="Length">The length of the range in bytes; it does not change.</param>
/// <param name="Value">The new value.</param>
internal sealed record LineRewrite(long Offset, int Length, ReadOnlyMemory<byte> Value)
{
    private const int MaxAtOnce = 64 * 1024;

    /// <summary>Writes the value and its padding.</summary>
    /// <param name="write">Receives bytes and their offset in the file.</param>
    public void Write(Action<ReadOnlyMemory<byte>, long> write)
    {
        var size = Math.Min(Length, MaxAtOnce);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        buffer.AsSpan(0, size).Fill((byte)' ');
        Value.Span.CopyTo(buffer);
        for (var done = 0; done < Length; done += size)
        {
            write(buffer.AsMemory(0, Math.Min(size, Length - done)), Offset + done);
            buffer.AsSpan(0, Math.Min(Value.Length, size)).Fill((byte)' ');
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }
}
