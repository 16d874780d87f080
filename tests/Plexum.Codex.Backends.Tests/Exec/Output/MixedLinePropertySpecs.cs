using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

public sealed class MixedLinePropertySpecs
{
    private static readonly string[] Lines =
    [
        MapperRig.ThreadStarted,
        """{"type":"turn.started"}""",
        """{"type":"of.tomorrow","payload":{"a":[1,{"b":"}"}]}}""",
        """{"type":"item.started","item":{"id":"item_1","type":"command_execution","command":"ls {a"}}""",
        """{"type":"item.completed","item":{"id":"item_1","type":"command_execution","command":"ls {a"}}""",
        """{"type":"item.completed","item":{"id":"item_2","type":"agent_message","text":"{\"type\":\"turn.failed\"}"}}""",
        MapperRig.TurnCompleted,
    ];

    // No brace, no newline: those begin an event and end a line.
    private static readonly Gen<byte[]> Others = Gen.Choose(0, 255)
        .Where(value => value is not ('{' or '\n'))
        .Select(value => (byte)value)
        .ArrayOf();

    [Fact]
    public void What_stands_before_and_after_an_event_changes_nothing_and_is_counted()
    {
        var (events, _) = Read([.. Lines.Select(line => Encoding.UTF8.GetBytes(line + "\n"))], []);
        var turns =
            from before in Others.ArrayOf(Lines.Length)
            from after in Others.ArrayOf(Lines.Length)
            from chunks in Gen.Choose(1, 300).ArrayOf()
            select (before, after, chunks);
        Prop.ForAll(turns.ToArbitrary(), sample =>
            {
                byte[][] lines = [.. Lines.Select((line, at) => Mixed(sample.before[at], line, sample.after[at]))];
                var (read, counts) = Read(lines, sample.chunks);
                var skipped = sample.before.Sum(Counted) + sample.after.Sum(CountedAfter);
                return read.SequenceEqual(events) && counts.SkippedBytes == skipped && counts.UnreadableLines == 0;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(40));
    }

    [Fact]
    public void Events_without_newlines_between_them_are_all_read()
    {
        var (events, _) = Read([.. Lines.Select(line => Encoding.UTF8.GetBytes(line + "\n"))], []);

        var (read, counts) = Read([Encoding.UTF8.GetBytes(string.Concat(Lines))], []);

        Assert.Equal(events, read);
        Assert.Equal((1L, 0L), (counts.Lines, counts.SkippedBytes));
    }

    [Fact]
    public void The_search_on_a_line_that_only_looks_like_events_ends_soon()
    {
        var torn = string.Concat(Enumerable.Repeat("{\"type\":\"item.", 100_000));

        var (read, counts) = Read([Encoding.UTF8.GetBytes(torn + MapperRig.ThreadStarted)], []);

        Assert.Single(read);
        Assert.Equal(1, counts.UnreadableLines);
    }

    private static byte[] Mixed(byte[] before, string line, byte[] after) =>
        [.. before, .. Encoding.UTF8.GetBytes(line), .. after, (byte)'\n'];

    // Blanks may stand around JSON, and a carriage return before the line's end belongs to that.
    private static long Counted(byte[] bytes) => bytes.AsSpan().ContainsAnyExcept(" \t\r"u8) ? bytes.Length : 0;

    private static long CountedAfter(byte[] bytes) => Counted(bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes);

    private static (string[] Events, MappingCounts Counts) Read(byte[][] lines, int[] chunks)
    {
        var mapper = new TurnMapper(TurnId.Parse("turn-1"), AgentId.Parse("agent-1"), null, null);
        using var output = new TurnOutput(mapper);
        var content = lines.SelectMany(line => line).ToArray();
        List<CanonicalEvent> events = [];
        var (at, turn) = (0, 0);
        while (at < content.Length)
        {
            var room = output.GetMemory();
            var wanted = chunks.Length == 0 ? content.Length : chunks[turn++ % chunks.Length];
            var count = Math.Min(Math.Min(room.Length, wanted), content.Length - at);
            content.AsSpan(at, count).CopyTo(room.Span);
            events.AddRange(output.Advance(count).Events);
            at += count;
        }

        var last = output.Complete();
        events.AddRange(last.Events);
        return ([.. events.Select(e => Encoding.UTF8.GetString(CanonicalJson.ToLine(1, e)))], last.Progress.Counts);
    }
}
