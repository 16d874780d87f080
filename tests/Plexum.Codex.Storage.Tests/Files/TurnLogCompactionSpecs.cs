using System.Collections.Immutable;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Files;

/// <summary>A log whose messages came in pieces, once its turn has ended.</summary>
public sealed class TurnLogCompactionSpecs : IDisposable
{
    private static readonly CanonicalEvent End = new CanonicalEvent.MessageEnd(
        StopReason.EndTurn,
        Usage.Zero,
        Usage.Zero,
        null,
        TimeSpan.Zero
    );

    private readonly TemporaryDirectory _directory = new();

    private string LogPath => _directory.File("events.jsonl");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_later_reader_gets_whole_messages_with_the_number_of_the_last_piece()
    {
        Write([Piece("m", "Hel"), Thought("r", "Hm"), Piece("m", "lo"), Thought("r", "m."), new CanonicalEvent.TextDelta("Whole."), End]);

        TurnLogCompaction.Compact(LogPath);

        Assert.Equal(
            [(3, Piece("m", "Hello")), (4, Thought("r", "Hmm.")), (5, new CanonicalEvent.TextDelta("Whole.")), (6, End)],
            Read(0).Select(told => (told.Seq, told.Value))
        );
    }

    [Fact]
    public void A_reader_in_the_middle_of_a_message_gets_the_rest_of_it()
    {
        Write([Piece("m", "a"), Piece("m", "b😀"), Piece("m", "c"), End]);

        TurnLogCompaction.Compact(LogPath);

        Assert.Equal([(3L, Piece("m", "b😀c"))], Read(1).SkipLast(1));
        Assert.Equal([(3L, Piece("m", "c"))], Read(2).SkipLast(1));
        Assert.Equal([(4L, End)], Read(3));
        Assert.Empty(Read(4));
    }

    [Fact]
    public void A_reader_that_was_there_before_goes_on_with_the_pieces()
    {
        Write([Piece("m", "a"), Piece("m", "b"), End]);
        using var cursor = new TurnLogCursor(LogPath, TimeProvider.System);
        Assert.True(cursor.TryNext());

        TurnLogCompaction.Compact(LogPath);

        Assert.Equal([(2L, Piece("m", "b")), (3L, End)], Rest(cursor));
    }

    [Fact]
    public void A_log_of_whole_messages_stays_the_same_file()
    {
        Write([new CanonicalEvent.TextDelta("a"), Piece("m", "b"), End]);
        var before = File.ReadAllBytes(LogPath);

        TurnLogCompaction.Compact(LogPath);

        Assert.Equal(before, File.ReadAllBytes(LogPath));
        Assert.Equal([LogPath], Directory.GetFiles(_directory.Root));
    }

    [Fact]
    public void A_log_that_is_compacted_again_stays_as_it_is()
    {
        Write([Piece("m", "a"), Piece("m", "b"), End]);
        TurnLogCompaction.Compact(LogPath);
        var before = File.ReadAllBytes(LogPath);

        TurnLogCompaction.Compact(LogPath);

        Assert.Equal(before, File.ReadAllBytes(LogPath));
        Assert.Equal([(2L, Piece("m", "b"))], Read(1).SkipLast(1));
    }

    [Fact]
    public void A_message_too_long_to_hold_stays_in_pieces_among_others_that_are_joined()
    {
        var half = new string('x', 5 * 1024 * 1024);
        Write([Piece("long", half), Piece("m", "a"), Piece("long", half), Piece("m", "b"), End]);

        TurnLogCompaction.Compact(LogPath);

        Assert.Equal([(1L, "long"), (3L, "long"), (4L, "m"), (5L, null)], Read(0).Select(told => (told.Seq, ItemNameOf(told.Value))));
        Assert.Equal([(3L, "long"), (4L, "m")], Read(2).SkipLast(1).Select(told => (told.Seq, ItemNameOf(told.Value))));
        Assert.Equal(Piece("m", "b"), Read(2)[1].Value);
    }

    [Fact]
    public void Every_reader_gets_every_character_once()
    {
        var piece =
            from item in Gen.Elements("a", "b")
            from thinks in Gen.Elements(true, false)
            from text in Gen.Elements("", "x", "yy", "\"\n", "😀", "zzzz")
            select thinks ? Thought(item, text) : Piece(item, text);
        var whole = Gen.Elements<CanonicalEvent>(
            new CanonicalEvent.TextDelta("whole"),
            new CanonicalEvent.Notice("n", "A notice."),
            new CanonicalEvent.Activity("{}"u8.ToArray(), ActivityPhase.Started)
        );
        var log =
            from events in Gen.Frequency((4, piece), (1, whole)).ListOf()
            from after in Gen.Choose(0, events.Count + 1)
            select (Events: events.Append(End).ToImmutableArray(), After: after);

        Prop.ForAll(log.ToArbitrary(), run =>
            {
                Write(run.Events);

                TurnLogCompaction.Compact(LogPath);

                var told = Read(run.After).Select(read => read.Value).ToList();
                var missing = run.Events.Skip(run.After).ToList();
                Assert.Equal(Texts(missing), Texts(told));
                Assert.Equal(Whole(missing), Whole(told));
                foreach (var path in Directory.GetFiles(_directory.Root))
                {
                    File.Delete(path);
                }
            })
            .QuickCheckThrowOnFailure();
    }

    private static CanonicalEvent Piece(string item, string text) => new CanonicalEvent.TextDelta(text) { Item = item };

    private static CanonicalEvent Thought(string item, string text) => new CanonicalEvent.ThinkingDelta(text) { Item = item };

    private static string? ItemNameOf(CanonicalEvent value) => (value as CanonicalEvent.TextDelta)?.Item;

    private static string? ItemOf(CanonicalEvent value) =>
        value is CanonicalEvent.TextDelta { Item: { } text } ? $"text {text}"
        : value is CanonicalEvent.ThinkingDelta { Item: { } thought } ? $"thought {thought}"
        : null;

    private static List<(string Item, string Text)> Texts(IEnumerable<CanonicalEvent> events) =>
        [
            .. events
                .Where(value => ItemOf(value) is not null)
                .GroupBy(value => ItemOf(value)!)
                .Select(group => (group.Key, Text: string.Concat(group.Select(TextOf))))
                .Where(message => message.Text.Length > 0)
                .OrderBy(message => message.Key),
        ];

    private static string TextOf(CanonicalEvent value) =>
        value is CanonicalEvent.TextDelta text ? text.Text : ((CanonicalEvent.ThinkingDelta)value).Text;

    private static IEnumerable<string> Whole(IEnumerable<CanonicalEvent> events) =>
        events.Where(value => ItemOf(value) is null).Select(value => Encoding.UTF8.GetString(CanonicalJson.ToLine(1, value)));

    private List<(long Seq, CanonicalEvent Value)> Read(long after)
    {
        using var cursor = new TurnLogCursor(LogPath, TimeProvider.System, after);
        return Rest(cursor);
    }

    private static List<(long Seq, CanonicalEvent Value)> Rest(TurnLogCursor cursor)
    {
        var read = new List<(long, CanonicalEvent)>();
        while (cursor.TryNext())
        {
            var json = new byte[cursor.Length];
            cursor.ReadExactly(json);
            Assert.True(CanonicalJsonReader.TryRead(json, out var seq, out var value));
            Assert.Equal(cursor.Seq, seq);
            read.Add((seq, value));
        }

        return read;
    }

    private void Write(ImmutableArray<CanonicalEvent> events)
    {
        using var log = TurnLog.Open(LogPath);
        log.Append(events);
    }
}
