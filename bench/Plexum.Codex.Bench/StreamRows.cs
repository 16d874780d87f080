using System.Text;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>codex's stdout to canonical events: framing, decoding and mapping, in the pieces in which a file is read.</summary>
internal static class StreamRows
{
    private const int PieceBytes = 64 * 1024;
    private const long Gigabyte = 1_000_000_000;

    public static IEnumerable<Row> All =>
    [
        Of("small-text", "280-byte agent messages", AgentMessage(280), 500_000_000),
        Of("small-passed", "280-byte items of an unknown type, passed over", UnknownItem(280), 500_000_000),
        Of("small-mixed", "280-byte events as in a turn: messages, commands, reasoning, unknown", Mixed(280), 500_000_000),
        Of("4k-text", "4 KB agent messages", AgentMessage(4096), Gigabyte),
        Of("4k-command", "4 KB commands with 70 escaped newlines", Command(4096), Gigabyte),
        Of("4k-passed", "4 KB items of an unknown type, passed over", UnknownItem(4096), Gigabyte),
        Of("1gb", "1 GB in 4 KB agent messages, in one turn", AgentMessage(4096), Gigabyte),
    ];

    private static Row Of(string name, string title, string[] lines, long bytes)
    {
        var stream = new Lazy<byte[]>(() => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(string.Join('\n', lines) + "\n", 40 * PieceBytes / lines.Sum(l => l.Length)))));
        return new Row(name, title, "MB/s", lines.Average(line => Encoding.UTF8.GetByteCount(line) + 1), () => Feed(stream.Value, bytes));
    }

    private static long Feed(byte[] stream, long bytes)
    {
        var mapper = new TurnMapper(TurnId.Parse("bench"), AgentId.Parse("bench"), null, null);
        using var output = new TurnOutput(mapper);
        for (long fed = 0; fed < bytes; fed += stream.Length)
        {
            for (var at = 0; at < stream.Length;)
            {
                var room = output.GetMemory();
                var count = Math.Min(Math.Min(room.Length, PieceBytes), stream.Length - at);
                stream.AsSpan(at, count).CopyTo(room.Span);
                output.Advance(count);
                at += count;
            }
        }

        return mapper.Progress.Counts.Lines;
    }

    private static string[] AgentMessage(int size) =>
        [Fill("""{"type":"item.completed","item":{"id":"item_12","type":"agent_message","text":"@"}}""", "The quick brown fox jumps over the lazy dog. ", size)];

    private static string[] UnknownItem(int size) =>
        [Fill("""{"type":"item.completed","item":{"id":"item_12","type":"future_item","text":"@"}}""", "The quick brown fox jumps over the lazy dog. ", size)];

    private static string[] Command(int size) =>
        [Fill("""{"type":"item.completed","item":{"id":"item_12","type":"command_execution","command":"/bin/bash -lc 'ls -l'","aggregated_output":"@","exit_code":0,"status":"completed"}}""", @"-rw-r--r-- 1 user user  1234 Nov 20 19:00 some-file.txt\n", size)];

    private static string[] Mixed(int size) =>
    [
        .. AgentMessage(size),
        .. Command(size),
        .. UnknownItem(size),
        Fill("""{"type":"item.started","item":{"id":"item_13","type":"command_execution","command":"@","aggregated_output":"","exit_code":null,"status":"in_progress"}}""", "/bin/bash -lc 'make test' ", size),
        Fill("""{"type":"item.completed","item":{"id":"item_14","type":"reasoning","text":"@"}}""", "Let me think about it. ", size),
        Fill("""{"type":"item.updated","item":{"id":"item_15","type":"agent_message","text":"@"}}""", "So far so good. ", size),
    ];

    /// <summary>Puts as much text in place of the mark as makes the line, with its newline, as long as wanted.</summary>
    private static string Fill(string frame, string text, int size)
    {
        var room = size - frame.Length;
        return frame.Replace("@", string.Concat(Enumerable.Repeat(text, room / text.Length)).PadRight(room, '.'), StringComparison.Ordinal);
    }
}
