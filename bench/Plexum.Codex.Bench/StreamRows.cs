using System.Text;
using Akka.Actor;
using Akka.Streams;
using Akka.Streams.Dsl;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Files;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Bench;

/// <summary>codex's stdout to canonical events: framing, decoding and mapping, in the pieces in which a file is read.</summary>
internal static class StreamRows
{
    private const int PieceBytes = 64 * 1024;
    private const long Megabyte = 1_000_000;
    private const string Fox = "The quick brown fox jumps over the lazy dog. ";

    public static IEnumerable<Row> All =>
        [
            Of("small-text", "280-byte agent messages", 500 * Megabyte, AgentMessage(280, Fox)),
            Of("small-passed", "280-byte items of an unknown type, skipped", 500 * Megabyte, UnknownItem(280)),
            Of("small-mixed", "280-byte messages, commands, reasoning and unknown items", 500 * Megabyte, Mixed(280)),
            Of("4k-text", "4 KB agent messages", 1000 * Megabyte, AgentMessage(4096, Fox)),
            Of(
                "4k-markdown",
                "4 KB agent messages, an escape every 50 bytes",
                1000 * Megabyte,
                AgentMessage(4096, @"* **A point:** please see this and then that one.\n")
            ),
            Of("4k-command", "4 KB commands, an escape every 58 bytes", 1000 * Megabyte, Command(4096)),
            Of("4k-passed", "4 KB items of an unknown type, skipped", 1000 * Megabyte, UnknownItem(4096)),
            OfFile("1gb-file", "1 GB of 4 KB agent messages from a file", 1000 * Megabyte, logged: false),
            OfFile("log", "500 MB of the same, through the stream into the turn's log", 500 * Megabyte, logged: true),
        ];

    private static Row Of(string name, string title, long bytes, params string[] lines)
    {
        var stream = new Lazy<byte[]>(() => Repeat(lines, 4 * Megabyte));
        return new Row(name, title, SizeOf(lines), () => Feed(stream.Value, bytes));
    }

    private static Row OfFile(string name, string title, long bytes, bool logged)
    {
        string line = AgentMessage(4096, Fox);
        var directory = new Lazy<DirectoryInfo>(() => WriteStdout(line, bytes));
        return new Row(name, title, SizeOf([line]), () =>
        {
            var path = Path.Combine(directory.Value.FullName, "stdout");
            var logPath = Path.Combine(directory.Value.FullName, "events.jsonl");
            File.Delete(logPath);
            return Read(path, logged ? logPath : null).GetAwaiter().GetResult();
        });
    }

    /// <summary>A directory with a turn's output in it, for as long as this process runs.</summary>
    private static DirectoryInfo WriteStdout(string line, long bytes)
    {
        var directory = Directory.CreateTempSubdirectory("plexum-codex-bench-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => directory.Delete(recursive: true);
        using var file = File.Create(Path.Combine(directory.FullName, "stdout"));
        var block = Repeat([line], 4 * Megabyte);
        for (long written = 0; written < bytes; written += block.Length)
        {
            file.Write(block);
        }

        return directory;
    }

    private static long Feed(byte[] stream, long bytes)
    {
        var mapper = Mapper();
        using var output = new TurnOutput(mapper);
        for (long fed = 0; fed < bytes; fed += stream.Length)
        {
            for (var at = 0; at < stream.Length; )
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

    private static async Task<long> Read(string path, string? logPath)
    {
        var mapper = Mapper();
        using var tail = new FileTail(path, TimeProvider.System);
        tail.Complete();
        if (logPath is null)
        {
            await foreach (var _ in TurnOutput.ReadAsync(tail, mapper).ConfigureAwait(false)) { }
        }
        else
        {
            using var system = ActorSystem.Create("bench");
            using var log = TurnLog.Open(logPath);
            await TurnGraph
                .Create(tail, mapper, batch =>
                {
                    log.Append(batch.Events);
                    return Task.CompletedTask;
                })
                .RunWith(Sink.Ignore<EventBatch>(), system.Materializer())
                .ConfigureAwait(false);
            await system.Terminate().ConfigureAwait(false);
        }

        return mapper.Progress.Counts.Lines;
    }

    private static TurnMapper Mapper() => new(TurnId.Parse("bench"), AgentId.Parse("bench"), null, null);

    private static double SizeOf(string[] lines) => lines.Average(line => Encoding.UTF8.GetByteCount(line) + 1);

    private static byte[] Repeat(string[] lines, long bytes)
    {
        var turn = string.Concat(lines.Select(line => line + "\n"));
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(turn, (int)(bytes / turn.Length))));
    }

    private static string AgentMessage(int size, string text) =>
        Fill("""{"type":"item.completed","item":{"id":"item_12","type":"agent_message","text":"@"}}""", text, size);

    private static string UnknownItem(int size) =>
        Fill("""{"type":"item.completed","item":{"id":"item_12","type":"future_item","text":"@"}}""", Fox, size);

    private static string Command(int size) =>
        Fill(
            """{"type":"item.completed","item":{"id":"item_12","type":"command_"""
                + """execution","command":"/bin/bash -lc 'ls -l'","aggregated_output":"@","exit_code":0,"status":"completed"}}""",
            @"-rw-r--r-- 1 user user  1234 Nov 20 19:00 some-file.txt\n",
            size
        );

    private static string[] Mixed(int size) =>
        [
            AgentMessage(size, Fox),
            Command(size),
            UnknownItem(size),
            Fill(
                """{"type":"item.started","item":"""
                    + """{"id":"item_13","type":"command_execution","command":"@","aggregated_output":"","exit_code":null"""
                    + ""","status":"in_progress"}}""",
                "/bin/bash -lc 'make test' ",
                size
            ),
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
