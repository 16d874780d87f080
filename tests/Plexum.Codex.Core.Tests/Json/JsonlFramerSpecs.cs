using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Json;

public sealed class JsonlFramerSpecs
{
    [Fact]
    public void A_framer_gives_the_same_lines_for_every_chunking()
    {
        var bytes = Gen.Elements<byte>((byte)'\n', (byte)'\r', (byte)'a', (byte)'{', 0xC3, 0xA9, 0xFF, 0).ArrayOf();
        var inputs = from content in bytes from cuts in Gen.Choose(1, 7).ArrayOf() select (content, cuts);
        Prop.ForAll(inputs.ToArbitrary(), input => Frame(input.content, input.cuts).SequenceEqual(Split(input.content)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Theory]
    [InlineData("a\nb\n", "a|b")]
    [InlineData("a\r\nb\r\n", "a|b")]
    [InlineData("a\nb", "a|b")]
    [InlineData("a\rb\n", "a\rb")]
    [InlineData("\n\n\r\na\n\n", "a")]
    [InlineData("a\r", "a")]
    [InlineData("a\r\r\n", "a\r")]
    [InlineData("", "")]
    public void A_framer_ends_lines_at_newlines_and_at_the_end(string content, string lines) =>
        Assert.Equal(lines, string.Join('|', Frame(Encoding.UTF8.GetBytes(content), [3])));

    [Fact]
    public void A_framer_reports_a_line_over_the_limit_and_goes_on_after_it()
    {
        foreach (var piece in new[] { 1, 3, 7, 1000 })
        {
            using var framer = new JsonlFramer(maxLineBytes: 5);
            var seen = new List<string>();
            Feed(framer, Encoding.ASCII.GetBytes("12345\r\n123456\n1\n12345678901234567890\r\n12345\n1234567"), piece, line =>
                seen.Add(
                    line.IsTooLong
                        ? $"too long: {line.Length} at {line.Offset}"
                        : $"{Encoding.ASCII.GetString(line.Bytes)} at {line.Offset}"
                )
            );

            Assert.Equal(["12345 at 0", "too long: 6 at 7", "1 at 14", "too long: 20 at 16", "12345 at 38", "too long: 7 at 44"], seen);
        }
    }

    [Fact]
    public void A_framer_keeps_a_line_of_50_megabytes_that_comes_in_small_pieces_and_then_forgets_its_buffer()
    {
        using var framer = new JsonlFramer();
        var content = new byte[50_000_000];
        content.AsSpan().Fill((byte)'x');
        content[^1] = (byte)'\n';
        var lengths = new List<long>();
        var largest = 0;

        Feed(framer, content, 4096, line => lengths.Add(line.Length), () => largest = Math.Max(largest, framer.BufferBytes));
        framer.GetMemory();

        Assert.Equal([content.Length - 1L], lengths);
        Assert.InRange(largest, content.Length, 2 * content.Length);
        Assert.Equal(JsonlFramer.DefaultBufferBytes, framer.BufferBytes);
    }

    [Fact]
    public void A_framer_does_not_keep_what_is_over_the_limit()
    {
        using var framer = new JsonlFramer(maxLineBytes: 1_000_000);
        var largest = 0;

        Feed(framer, new byte[20_000_000], 4096, _ => { }, () => largest = Math.Max(largest, framer.BufferBytes));

        Assert.InRange(largest, 0, 2 * 1024 * 1024);
    }

    [Fact]
    public void A_framer_reports_the_place_up_to_which_lines_are_whole()
    {
        using var framer = new JsonlFramer(offset: 100);

        Feed(framer, "abc\ndef\ngh"u8.ToArray(), 2, _ => { }, complete: false);

        Assert.Equal(108, framer.Offset);
    }

    private static List<string> Frame(byte[] content, int[] cuts)
    {
        using var framer = new JsonlFramer();
        var lines = new List<string>();
        var at = 0;
        for (var i = 0; at < content.Length; i++)
        {
            var piece = Math.Min(cuts.Length == 0 ? 1 : cuts[i % cuts.Length], content.Length - at);
            content.AsSpan(at, piece).CopyTo(framer.GetMemory().Span);
            framer.Advance(piece);
            at += piece;
            Read(framer, line => lines.Add(Encoding.Latin1.GetString(line.Bytes)));
        }

        framer.Complete();
        Read(framer, line => lines.Add(Encoding.Latin1.GetString(line.Bytes)));
        return lines;
    }

    private static IEnumerable<string> Split(byte[] content) =>
        Encoding
            .Latin1.GetString(content)
            .Split('\n')
            .Select(line => line.EndsWith('\r') ? line[..^1] : line)
            .Where(line => line.Length > 0);

    private static void Feed(JsonlFramer framer, byte[] content, int piece, LineAction onLine, Action? after = null, bool complete = true)
    {
        for (var at = 0; at < content.Length; )
        {
            var room = framer.GetMemory();
            var count = Math.Min(Math.Min(piece, room.Length), content.Length - at);
            content.AsSpan(at, count).CopyTo(room.Span);
            framer.Advance(count);
            at += count;
            Read(framer, onLine);
            after?.Invoke();
        }

        if (complete)
        {
            framer.Complete();
            Read(framer, onLine);
        }
    }

    private static void Read(JsonlFramer framer, LineAction onLine)
    {
        while (framer.TryRead(out var line))
        {
            onLine(line);
        }
    }

    private delegate void LineAction(JsonlLine line);
}
