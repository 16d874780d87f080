using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Files;

/// <summary>Reads the beginnings of lines of a <see cref="TurnLog"/>, and finds the last complete line.</summary>
internal static class TurnLogTail
{
    /// <summary>How many bytes of a line are enough to contain its number and type.</summary>
    public const int HeadBytes = 64;

    private const byte NewLine = (byte)'\n';
    private const int ChunkBytes = 64 * 1024;

    /// <summary>The number of the last complete line, the offset after it, and whether it is the turn's end.</summary>
    public static (long LastSeq, long Whole, bool HasEnd) Find(SafeFileHandle file, long length)
    {
        var end = FindNewLine(file, length);
        if (end < 0)
        {
            return (0, 0, false);
        }

        var start = FindNewLine(file, end) + 1;
        Span<byte> head = stackalloc byte[256];
        head = head[..RandomAccess.Read(file, head[..(int)Math.Min(head.Length, end - start)], start)];
        return (ReadHead(head, out var type), end + 1, type.SequenceEqual("message_end"u8));
    }

    /// <summary>The number of a line, from its beginning only: <c>{"seq":12,"type":"…</c>; 0 if it is not an event.</summary>
    /// <param name="line">The line, or at least its first <see cref="HeadBytes"/>.</param>
    /// <param name="type">The event's type; empty if it is not an event.</param>
    public static long ReadHead(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> type)
    {
        type = [];
        long seq = 0;
        try
        {
            var reader = new Utf8JsonReader(line, isFinalBlock: false, default);
            while (reader.Read() && (seq == 0 || reader.TokenType != JsonTokenType.String))
            {
                if (reader.TokenType == JsonTokenType.Number && seq == 0)
                {
                    reader.TryGetInt64(out seq);
                }
            }

            type = reader.TokenType == JsonTokenType.String ? reader.ValueSpan : [];
        }
        catch (JsonException)
        {
            // Not an event, so it has no number.
        }

        return seq;
    }

    /// <summary>The position of the last newline before <paramref name="before"/>, or -1.</summary>
    private static long FindNewLine(SafeFileHandle file, long before)
    {
        var chunk = new byte[(int)Math.Min(ChunkBytes, before)];
        while (before > 0)
        {
            var start = Math.Max(0, before - ChunkBytes);
            var bytes = chunk.AsSpan(0, RandomAccess.Read(file, chunk.AsSpan(0, (int)(before - start)), start));
            var found = bytes.LastIndexOf(NewLine);
            if (found >= 0)
            {
                return start + found;
            }

            before = start;
        }

        return -1;
    }
}
