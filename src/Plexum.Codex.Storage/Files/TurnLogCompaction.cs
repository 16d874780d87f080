using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Plexum.Codex.Events;
using Plexum.Codex.Json;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Files;

/// <summary>
/// Joins the pieces of each message in the log of a turn that has ended. Readers that have the log open go on in the old file, which is
/// whole. <see cref="LogPieces"/> is written first, so that a log without pieces always has it. It holds one message in memory at a time,
/// and leaves the pieces of a message that is too long for that as they are.
/// </summary>
internal static class TurnLogCompaction
{
    private const int BufferBytes = 64 * 1024;
    private const int MaxLength = 8 * 1024 * 1024;

    /// <summary>Rewrites a log; one whose messages are whole stays as it is.</summary>
    /// <exception cref="IOException">The log cannot be read or replaced; it stays as it was.</exception>
    public static void Compact(string path)
    {
        using var log = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        var messages = new Dictionary<string, Message>(StringComparer.Ordinal);
        ForEachLine(log, (offset, line) => Collect(messages, offset, line));
        if (!messages.Values.Any(message => message.IsJoined))
        {
            return;
        }

        LogPieces.Save(path, messages.Values.Where(message => message.IsJoined).Select(message => message.Pieces));
        var compact = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = RegularFile.Open(compact, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive))
            {
                using var output = new FileStream(file, FileAccess.Write, BufferBytes);
                ForEachLine(log, (_, line) => Copy(output, log, messages, line));
                output.Flush(flushToDisk: true);
            }

            File.Move(compact, path, overwrite: true);
        }
        catch
        {
            File.Delete(compact);
            throw;
        }
    }

    private static void ForEachLine(SafeFileHandle log, Action<long, ReadOnlyMemory<byte>> take)
    {
        using var framer = new JsonlFramer();
        for (long position = 0; ; )
        {
            var room = framer.GetMemory();
            var count = RandomAccess.Read(log, room.Span, position);
            if (count == 0)
            {
                return;
            }

            position += count;
            framer.Advance(count);
            while (framer.TryRead(out var line))
            {
                if (line.Length != line.Bytes.Length)
                {
                    throw new IOException("The log has a line that is too long to be copied.");
                }

                take(line.Offset, line.Bytes.ToArray());
            }
        }
    }

    private static void Collect(Dictionary<string, Message> messages, long offset, ReadOnlyMemory<byte> line)
    {
        if (PieceOf(line, out var seq) is not { } piece)
        {
            return;
        }

        var key = KeyOf(piece);
        if (!messages.TryGetValue(key, out var message))
        {
            messages[key] = message = new Message();
        }

        message.Add(new LogPiece(seq, TextOf(piece).Length), offset, line.Length);
    }

    private static void Copy(Stream output, SafeFileHandle log, Dictionary<string, Message> messages, ReadOnlyMemory<byte> line)
    {
        if (PieceOf(line, out var seq) is not { } piece || messages[KeyOf(piece)] is not { IsJoined: true } message)
        {
            output.Write(line.Span);
            output.WriteByte((byte)'\n');
        }
        else if (message.Pieces[^1].Seq == seq)
        {
            var text = ReadText(log, message);
            CanonicalEvent whole = piece is CanonicalEvent.TextDelta delta
                ? delta with
                {
                    Text = text,
                }
                : (CanonicalEvent.ThinkingDelta)piece with
                {
                    Text = text,
                };
            output.Write(LineOf(seq, whole, line));
            output.WriteByte((byte)'\n');
        }
    }

    private static string ReadText(SafeFileHandle log, Message message)
    {
        var text = new StringBuilder((int)message.Length);
        foreach (var (offset, length) in message.Places)
        {
            var line = new byte[length];
            var read = RandomAccess.Read(log, line, offset);
            text.Append(
                read == length && PieceOf(line, out _) is { } piece
                    ? TextOf(piece)
                    : throw new IOException("The log was changed while it was compacted.")
            );
        }

        return text.ToString();
    }

    /// <summary>An event as a line with the time that an older line has.</summary>
    public static ReadOnlySpan<byte> LineOf(long seq, CanonicalEvent value, ReadOnlyMemory<byte> older)
    {
        using var document = JsonDocument.Parse(older);
        var at =
            document.RootElement.TryGetProperty("at"u8, out var time) && time.ValueKind == JsonValueKind.String
                ? Encoding.UTF8.GetBytes(time.GetString()!)
                : [];
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, CanonicalJson.WriterOptions))
        {
            CanonicalJson.Write(json, seq, value, at);
        }

        return line.WrittenSpan;
    }

    // Most lines are none, and are not parsed.
    private static CanonicalEvent? PieceOf(ReadOnlyMemory<byte> line, out long seq)
    {
        seq = TurnLogTail.ReadHead(line.Span[..Math.Min(line.Length, TurnLogTail.HeadBytes)], out var type);
        return
            (type.SequenceEqual("text_delta"u8) || type.SequenceEqual("thinking_delta"u8))
            && CanonicalJsonReader.TryRead(line, out _, out var value)
            && value is CanonicalEvent.TextDelta { Item: not null } or CanonicalEvent.ThinkingDelta { Item: not null }
            ? value
            : null;
    }

    private static string KeyOf(CanonicalEvent piece) =>
        piece is CanonicalEvent.TextDelta text ? $"text {text.Item}" : $"thinking {((CanonicalEvent.ThinkingDelta)piece).Item}";

    private static string TextOf(CanonicalEvent piece) =>
        piece is CanonicalEvent.TextDelta text ? text.Text : ((CanonicalEvent.ThinkingDelta)piece).Text;

    private sealed class Message
    {
        public List<LogPiece> Pieces { get; } = [];

        public List<(long Offset, int Length)> Places { get; } = [];

        public long Length { get; private set; }

        public bool IsJoined => Pieces.Count > 1 && Length <= MaxLength;

        public void Add(LogPiece piece, long offset, int length)
        {
            Pieces.Add(piece);
            Places.Add((offset, length));
            Length += piece.Length;
        }
    }
}
