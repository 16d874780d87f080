using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Files;

public sealed class TurnLogCursorSpecs : IDisposable
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

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(16 * 1024 - 40)]
    [InlineData(16 * 1024)]
    [InlineData(100_000)]
    public void Events_of_any_length_come_whole_and_in_order(int length)
    {
        var random = new Random(length);
        string[] texts = [.. Enumerable.Range(0, 20).Select(n => new string((char)('a' + n), Math.Max(1, length + random.Next(-50, 50))))];
        Write([.. texts.Select(text => new CanonicalEvent.TextDelta(text)), End]);
        using var cursor = new TurnLogCursor(LogPath, TimeProvider.System);

        foreach (var (index, text) in texts.Index())
        {
            Assert.True(cursor.TryNext());
            Assert.Equal((index + 1, "text_delta", false), (cursor.Seq, Encoding.UTF8.GetString(cursor.Type), cursor.IsEnd));
            Assert.Equal($$"""{"seq":{{index + 1}},"type":"text_delta","text":"{{text}}"}""", Json(cursor, piece: 777));
        }

        Assert.True(cursor.TryNext());
        Assert.True(cursor.IsEnd);
        Assert.False(cursor.TryNext());
    }

    [Fact]
    public void An_event_that_was_not_read_is_skipped()
    {
        Write([new CanonicalEvent.TextDelta(new string('x', 50_000)), new CanonicalEvent.TextDelta("b")]);
        using var cursor = new TurnLogCursor(LogPath, TimeProvider.System);

        Assert.True(cursor.TryNext());
        Assert.True(cursor.TryNext());

        Assert.Contains("\"b\"", Json(cursor, piece: 10), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4999, 5000)]
    [InlineData(5000, 0)]
    [InlineData(9_000_000_000, 0)]
    public void It_begins_behind_the_event_that_is_known(long after, long first)
    {
        Write([.. Enumerable.Range(1, 5000).Select(n => new CanonicalEvent.TextDelta($"text {n}"))]);
        using var cursor = new TurnLogCursor(LogPath, TimeProvider.System, after);

        Assert.Equal(first > 0, cursor.TryNext());
        Assert.Equal(first, cursor.Seq);
    }

    [Fact]
    public async Task Half_an_event_is_waited_for_without_another_look()
    {
        File.WriteAllText(LogPath, """{"seq":1,"type":"text_de""");
        using var cursor = new TurnLogCursor(LogPath, TimeProvider.System);
        Assert.True(await cursor.WaitAsync());
        Assert.False(cursor.TryNext());
        var waiting = cursor.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);

        File.AppendAllText(LogPath, "lta\",\"text\":\"a\"}\n");

        Assert.True(await waiting.WithinLimit());
        Assert.True(cursor.TryNext());
        Assert.Equal("""{"seq":1,"type":"text_delta","text":"a"}""", Json(cursor, piece: 100));
    }

    [Fact]
    public async Task It_ends_where_the_turn_is_over_and_its_log_has_no_end()
    {
        Write([new CanonicalEvent.TextDelta("a")]);
        using var cursor = new TurnLogCursor(LogPath, TimeProvider.System);
        Assert.True(cursor.TryNext());
        Assert.False(cursor.TryNext());
        var waiting = cursor.WaitAsync().AsTask();

        cursor.Complete();

        Assert.False(await waiting.WithinLimit());
        Assert.Equal(new TurnLogEnd(1, false), TurnLogReader.FindEnd(LogPath));
    }

    private static string Json(TurnLogCursor cursor, int piece)
    {
        var bytes = new List<byte>();
        var buffer = new byte[piece];
        while (cursor.Read(buffer) is > 0 and var count)
        {
            bytes.AddRange(buffer.AsSpan(0, count));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private void Write(ImmutableArray<CanonicalEvent> events)
    {
        using var log = TurnLog.Open(LogPath);
        log.Append(events);
    }
}
