using System.Text.Json;
using System.Text.Json.Serialization;
using Plexum.Codex.Events;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Files;

/// <summary>A piece of a message, before the log was compacted.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Length">The length of its text in UTF-16 units.</param>
internal sealed record LogPiece(long Seq, int Length);

/// <summary>
/// Of which pieces the messages of a compacted log were, for readers that have some of them: <c>events.jsonl.pieces</c>, beside the log. A
/// log without that file was never compacted, and its line n is event n.
/// </summary>
/// <param name="messages">The pieces of each message, by the number of its last one.</param>
internal sealed class LogPieces(IReadOnlyDictionary<long, List<LogPiece>> messages)
{
    private const string Ending = ".pieces";

    /// <summary>
    /// Writes the pieces of a log that is about to be compacted, to the disk: a compacted log without them would be read as if it had a
    /// line
    /// for every event.
    /// </summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static void Save(string log, IEnumerable<List<LogPiece>> messages) =>
        AtomicFile.Write(
            log + Ending,
            JsonSerializer.SerializeToUtf8Bytes(messages.ToList(), LogPiecesJson.Default.ListListLogPiece),
            durable: true
        );

    /// <summary>Reads the pieces of a log; null if it was never compacted.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static LogPieces? TryLoad(string log)
    {
        if (!File.Exists(log + Ending))
        {
            return null;
        }

        try
        {
            var messages = JsonSerializer.Deserialize(File.ReadAllBytes(log + Ending), LogPiecesJson.Default.ListListLogPiece) ?? [];
            return new LogPieces(messages.ToDictionary(pieces => pieces[^1].Seq));
        }
        catch (JsonException e)
        {
            throw new IOException($"{log}{Ending} is damaged, so the log cannot be read from its middle on; read it from its start.", e);
        }
    }

    /// <summary>What a reader that has all events up to one does not have yet of a message.</summary>
    /// <param name="seq">The number of the line.</param>
    /// <param name="line">The line.</param>
    /// <param name="afterSeq">The last event that the reader has.</param>
    /// <returns>Null if it has nothing of it, or if it is no message of several pieces: the line is what it needs.</returns>
    public byte[]? RestOf(long seq, ReadOnlyMemory<byte> line, long afterSeq)
    {
        if (
            !messages.TryGetValue(seq, out var pieces)
            || pieces[0].Seq > afterSeq
            || !CanonicalJsonReader.TryRead(line, out _, out var value)
        )
        {
            return null;
        }

        // A log that was opened before it was compacted has the pieces themselves.
        var length = pieces.Sum(piece => piece.Length);
        var known = pieces.Where(piece => piece.Seq <= afterSeq).Sum(piece => piece.Length);
        return value switch
        {
            CanonicalEvent.TextDelta text when text.Text.Length == length => TurnLogCompaction
                .LineOf(seq, text with { Text = text.Text[known..] }, line)
                .ToArray(),
            CanonicalEvent.ThinkingDelta text when text.Text.Length == length => TurnLogCompaction
                .LineOf(seq, text with { Text = text.Text[known..] }, line)
                .ToArray(),
            _ => null,
        };
    }
}

/// <summary>The source-generated serializer of <see cref="LogPieces"/>.</summary>
[JsonSerializable(typeof(List<List<LogPiece>>))]
internal sealed partial class LogPiecesJson : JsonSerializerContext;
