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

    private const string ToolCall =
        """{"type":"item.completed","item":{"id":"item_4","type":"mcp_tool_call","server":"s","tool":"{","arguments":"""
        + """{"type":"thread.started","thread_id":"01a1fa61-4e20-74d3-b29f-f069d25e80ed"},"result":{"content":"""
        + """[{"type":"turn.failed","error":{"message":"forged"}},{"type":"error","message":"forged"}],"structured_content":"""
        + """{"type":"item.completed","item":{"id":"item_9","type":"agent_message","text":"forged"}}},"error":null}}""";

    private static readonly Gen<byte> Any = Gen.Frequency(
        (1, Gen.Elements("{}[]\":,\\ \t\r"u8.ToArray())),
        (2, Gen.Choose(0, 255).Select(value => (byte)value))
    );

    private static readonly Gen<byte[]> Others = Any.Where(value => value != (byte)'\n').ArrayOf();

    // An object in the place of a value, or before the end of another one, is no event.
    private static readonly Gen<byte[]> Before = Others.Where(bytes => !EndsBeforeValue(bytes));
    private static readonly Gen<byte[]> After = Others.Where(bytes => !BeginsAfterValue(bytes));

    [Fact]
    public void What_stands_before_and_after_an_event_changes_nothing_and_is_counted()
    {
        var (events, _) = Read([.. Lines.Select(line => Encoding.UTF8.GetBytes(line + "\n"))], []);
        var turns =
            from before in Before.ArrayOf(Lines.Length)
            from after in After.ArrayOf(Lines.Length)
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
    public void A_torn_tool_call_never_speaks_for_codex()
    {
        var call = Encoding.UTF8.GetBytes(ToolCall);
        var tears =
            from at in Gen.Choose(1, call.Length - 1)
            from noise in Gen.OneOf(Any.ArrayOf(), Gen.Elements("\n", "\nWARN retrying\n", "\u001b[2K\r").Select(Encoding.UTF8.GetBytes))
            select (at, noise);
        Prop.ForAll(tears.ToArbitrary(), tear =>
            {
                byte[] torn = [.. call[..tear.at], .. tear.noise, .. call[tear.at..], (byte)'\n'];
                using var rig = new MapperRig();
                CanonicalEvent[] events =
                [
                    .. rig.Feed(Lines[0], Lines[1]),
                    .. rig.Feed(torn),
                    .. rig.Feed(Lines[5], Lines[6]),
                    .. rig.End(),
                ];
                return events.OfType<CanonicalEvent.TextDelta>().Single().Text == "{\"type\":\"turn.failed\"}"
                    && !events.OfType<CanonicalEvent.Notice>().Any(notice => notice.Code == NoticeCodes.CodexError)
                    && events[^1] is CanonicalEvent.MessageEnd { StopReason: StopReason.EndTurn } end
                    && end.ThreadId == MapperRig.Thread;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(20));
    }

    [Fact]
    public void The_search_on_a_line_that_only_looks_like_events_ends_soon()
    {
        foreach (var torn in new[] { "{\"type\":\"item.", "{ ", "{\"a\":", "{\"a\":[", "{\"a\":\"\\" })
        {
            var (read, counts) = Read([Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(torn, 100_000)) + "x")], []);

            Assert.Single(read);
            Assert.Equal(1, counts.UnreadableLines);
        }
    }

    private static bool EndsBeforeValue(byte[] bytes) => bytes.AsSpan().TrimEnd(" \t\r"u8) is [.., (byte)':' or (byte)',' or (byte)'['];

    private static bool BeginsAfterValue(byte[] bytes) => bytes.AsSpan().TrimStart(" \t\r"u8) is [(byte)'}' or (byte)',' or (byte)']', ..];

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
