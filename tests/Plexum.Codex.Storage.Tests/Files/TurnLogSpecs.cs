using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Files;

public sealed class TurnLogSpecs : IDisposable
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
    public void Events_are_numbered_from_one_and_stand_one_a_line()
    {
        using (var log = TurnLog.Open(LogPath))
        {
            Assert.Equal(2, log.Append(Texts("a", "b\nc")));
            Assert.Equal(2, log.Append([]));
            Assert.Equal(3, log.Append(Texts("d")));
            log.FlushToDisk();
        }

        Assert.Equal(
            [
                """{"seq":1,"type":"text_delta","text":"a"}""",
                """{"seq":2,"type":"text_delta","text":"b\nc"}""",
                """{"seq":3,"type":"text_delta","text":"d"}""",
            ],
            File.ReadAllLines(LogPath)
        );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(LogPath));
    }

    [Fact]
    public void Events_have_the_time_at_which_they_were_written_and_a_log_may_go_on_without()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 5, 4, 18, 9, 0, TimeSpan.Zero));
        using (var log = TurnLog.Open(LogPath, time))
        {
            log.Append(Texts("a"));
            time.Advance(TimeSpan.FromMilliseconds(1500));
            log.Append(Texts("b"));
        }

        using (var log = TurnLog.Open(LogPath))
        {
            Assert.Equal(3, log.Append(Texts("c")));
        }

        Assert.Equal(
            [
                """{"seq":1,"type":"text_delta","text":"a","at":"2026-05-04T18:09:00.000Z"}""",
                """{"seq":2,"type":"text_delta","text":"b","at":"2026-05-04T18:09:01.500Z"}""",
                """{"seq":3,"type":"text_delta","text":"c"}""",
            ],
            File.ReadAllLines(LogPath)
        );
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("{\"seq\":1,\"type\":\"te", 0)]
    [InlineData("{\"seq\":1,\"type\":\"notice\"}\n", 1)]
    [InlineData("{\"seq\":1,\"type\":\"notice\"}\n{\"seq\":2,\"type\":\"notice\"}\n{\"se", 2)]
    public void A_log_that_was_cut_short_goes_on_after_its_last_whole_line(string content, long last)
    {
        var torn = content.EndsWith('\n') || content.Length == 0 ? "" : new string('x', 200);
        File.WriteAllText(LogPath, content + torn);

        using (var log = TurnLog.Open(LogPath))
        {
            Assert.Equal(last, log.LastSeq);
            log.Append(Texts("x"));
        }

        var lines = File.ReadAllLines(LogPath);
        Assert.Equal(last + 1, lines.Length);
        Assert.Equal($$"""{"seq":{{last + 1}},"type":"text_delta","text":"x"}""", lines[^1]);
    }

    [Fact]
    public void A_log_with_long_lines_is_recovered()
    {
        using (var log = TurnLog.Open(LogPath))
        {
            log.Append(Texts(new string('x', 3_000_000), "b", new string('y', 200_000)));
        }

        using var again = TurnLog.Open(LogPath);
        Assert.Equal(3, again.LastSeq);
    }

    [Fact]
    public void A_link_in_the_place_of_a_log_is_not_followed()
    {
        var target = _directory.Write("target", "keep");
        File.CreateSymbolicLink(LogPath, target);

        Assert.Throws<IOException>(() => TurnLog.Open(LogPath));
        Assert.Equal("keep", File.ReadAllText(target));
    }

    [Fact]
    public async Task A_reader_gets_what_is_there_and_what_comes_and_stops_at_the_end()
    {
        using var log = TurnLog.Open(LogPath);
        log.Append(Texts("a", "b"));
        await using var reader = TurnLogLines.FollowAsync(LogPath, TimeProvider.System).GetAsyncEnumerator();

        Assert.Equal("a", await NextText(reader));
        Assert.Equal("b", await NextText(reader));
        var waiting = reader.MoveNextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        log.Append([.. Texts("c"), End]);

        Assert.True(await waiting.WithinLimit());
        Assert.Equal((3, false), (reader.Current.Seq, reader.Current.IsEnd));
        Assert.True(await reader.MoveNextAsync().AsTask().WithinLimit());
        Assert.Equal((4, true), (reader.Current.Seq, reader.Current.IsEnd));
        Assert.False(await reader.MoveNextAsync().AsTask().WithinLimit());
    }

    [Fact]
    public async Task A_reader_begins_behind_the_event_that_it_knows()
    {
        using var log = TurnLog.Open(LogPath);
        log.Append([.. Texts("a", "b", "{\"seq\":99}"), End]);

        var seen = new List<long>();
        await foreach (var line in TurnLogLines.FollowAsync(LogPath, TimeProvider.System, afterSeq: 2))
        {
            seen.Add(line.Seq);
        }

        Assert.Equal([3, 4], seen);
    }

    [Fact]
    public async Task A_reader_stops_with_its_token()
    {
        using var log = TurnLog.Open(LogPath);
        using var cancellation = new CancellationTokenSource();
        await using var reader = TurnLogLines.FollowAsync(LogPath, TimeProvider.System, 0, cancellation.Token).GetAsyncEnumerator();
        var waiting = reader.MoveNextAsync().AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WithinLimit());
    }

    private static ImmutableArray<CanonicalEvent> Texts(params string[] texts) =>
        [.. texts.Select(text => new CanonicalEvent.TextDelta(text))];

    private static async Task<string> NextText(IAsyncEnumerator<TurnLogLine> reader)
    {
        Assert.True(await reader.MoveNextAsync().AsTask().WithinLimit());
        Assert.True(
            CanonicalJsonReader.TryRead(reader.Current.Json, out var seq, out var value),
            Encoding.UTF8.GetString(reader.Current.Json.Span)
        );
        Assert.Equal(reader.Current.Seq, seq);
        return ((CanonicalEvent.TextDelta)value!).Text;
    }
}
