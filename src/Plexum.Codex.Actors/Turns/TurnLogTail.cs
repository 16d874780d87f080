using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace Plexum.Codex.Turns;

/// <summary>Reads the head of lines of a <see cref="TurnLog"/>, and finds the last whole one.</summary>
internal static class TurnLogTail
{
    private const byte NewLine = (byte)'\n';
    private const int ChunkBytes = 64 * 1024;

    /// <summary>The number of the last whole line, and the place behind it.</summary>
    public static (long LastSeq, long Whole) Find(SafeFileHandle file, long length)
    {
        var end = FindNewLine(file, length);
        if (end < 0)
        {
            return (0, 0);
        }

        var start = FindNewLine(file, end) + 1;
        Span<byte> head = stackalloc byte[256];
        head = head[..RandomAccess.Read(file, head[..(int)Math.Min(head.Length, end - start)], start)];
        return (ReadHead(head, out _), end + 1);
    }

    /// <summary>The number of a line, from its beginning only: <c>{"seq":12,"type":"…</c>.</summary>
    /// <param name="line">The line, or its first 64 bytes at least.</param>
    /// <param name="isEnd">Whether it is the turn's last event.</param>
    public static long ReadHead(ReadOnlySpan<byte> line, out bool isEnd)
    {
        isEnd = false;
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

            isEnd = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("message_end"u8);
        }
        catch (JsonException)
        {
            // Not a line of ours; it has no number.
        }

        return seq;
    }

    /// <summary>The place of the last newline before <paramref name="before"/>, or -1.</summary>
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
