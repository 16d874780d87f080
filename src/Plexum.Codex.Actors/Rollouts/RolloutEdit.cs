using System.Buffers;

namespace Plexum.Codex.Rollouts;

/// <summary>A stretch of a rollout that becomes a shorter value and spaces behind it.</summary>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">How long it is, and stays.</param>
/// <param name="Value">The value.</param>
internal sealed record RolloutEdit(long Offset, int Length, ReadOnlyMemory<byte> Value)
{
    private const int MostAtOnce = 64 * 1024;

    /// <summary>Writes it.</summary>
    /// <param name="write">Takes the bytes and their place in the file.</param>
    public void Write(Action<ReadOnlyMemory<byte>, long> write)
    {
        var size = Math.Min(Length, MostAtOnce);
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
