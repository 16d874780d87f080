using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>
/// Finds the last token total in a rollout, from the end. Each byte is searched once, and only a record that names a token count is parsed.
/// </summary>
internal static class LastTokenCount
{
    // A turn ends with its count, so the last one is nearly always in the first piece.
    private const int PieceBytes = 128 * 1024;

    // A record of a count has some 1,000 bytes.
    private const int MaxRecordBytes = 16 * 1024;

    private static ReadOnlySpan<byte> Mark => "\"token_count\""u8;

    /// <summary>The last total before an offset; null if there is none.</summary>
    /// <param name="file">The unpacked rollout.</param>
    /// <param name="end">The offset.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Usage? Before(SafeFileHandle file, long end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes + (2 * MaxRecordBytes));
        try
        {
            for (var to = end; to > 0; to -= PieceBytes)
            {
                var from = Math.Max(0, to - PieceBytes);
                var start = Math.Max(0, from - MaxRecordBytes);
                var length = (int)(Math.Min(end, to + MaxRecordBytes) - start);
                var read = RandomAccess.Read(file, buffer.AsSpan(0, length), start);
                if (LastIn(buffer.AsSpan(0, read), (int)(from - start), (int)(to - start)) is { } total)
                {
                    return total;
                }
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The last total whose mark begins between the two places. What lies around them completes the records there.
    private static Usage? LastIn(ReadOnlySpan<byte> bytes, int from, int to)
    {
        var left = bytes[..Math.Min(bytes.Length, to + Mark.Length - 1)];
        while (left.LastIndexOf(Mark) is var at && at >= from)
        {
            var begin = bytes[..at].LastIndexOf((byte)'\n') + 1;
            var rest = bytes[at..].IndexOf((byte)'\n');
            var record = RolloutRecordReader.Read(rest < 0 ? bytes[begin..] : bytes[begin..(at + rest)]);
            if (record.Kind == RolloutRecordKind.Tokens && record.HasUsage)
            {
                return record.Usage;
            }

            left = bytes[..begin];
        }

        return null;
    }
}
