using System.Buffers;
using System.Text;
using System.Text.Json;
using Plexum.Codex.Events;
using Plexum.Codex.Json;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Files;

/// <summary>
/// Joins the pieces of each message in the log of a turn that has ended. Readers that have the log open go on in the old file, which is
/// whole. <see cref="LogPieces"/> is written first, so that a log without pieces always has it.
/// </summary>
internal static class TurnLogCompaction
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>Rewrites a log; one whose messages are whole stays as it is.</summary>
    /// <exception cref="IOException">The log cannot be read or replaced; it stays as it was.</exception>
    public static void Compact(string path)
    {
        var messages = new Dictionary<string, Message>(StringComparer.Ordinal);
        ForEachLine(path, line => Collect(messages, line));
        if (messages.Values.All(message => message.Pieces.Count == 1))
        {
            return;
        }

        LogPieces.Save(path, messages.Values.Select(message => message.Pieces).Where(pieces => pieces.Count > 1));
        var compact = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = RegularFile.Open(compact, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive))
            {
                using var output = new FileStream(file, FileAccess.Write, BufferBytes);
                ForEachLine(path, line => Copy(output, messages, line));
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

    private static void ForEachLine(string path, Action<ReadOnlyMemory<byte>> take)
    {
        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        using var framer = new JsonlFramer();
        for (long position = 0; ; )
        {
            var room = framer.GetMemory();
            var count = RandomAccess.Read(file, room.Span, position);
            if (count == 0)
            {
                return;
            }

            position += count;
            framer.Advance(count);
            while (framer.TryRead(out var line))
            {
                take(line.Bytes.ToArray());
            }
        }
    }

    private static void Collect(Dictionary<string, Message> messages, ReadOnlyMemory<byte> line)
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

        var text = TextOf(piece);
        message.Text.Append(text);
        message.Pieces.Add(new LogPiece(seq, text.Length));
    }

    private static void Copy(Stream output, Dictionary<string, Message> messages, ReadOnlyMemory<byte> line)
    {
        if (PieceOf(line, out var seq) is not { } piece || messages[KeyOf(piece)] is not { Pieces.Count: > 1 } message)
        {
            output.Write(line.Span);
            output.WriteByte((byte)'\n');
        }
        else if (message.Pieces[^1].Seq == seq)
        {
            var text = message.Text.ToString();
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
        public StringBuilder Text { get; } = new();

        public List<LogPiece> Pieces { get; } = [];
    }
}
