using Plexum.Codex.Events;
using Plexum.Codex.Host.Live;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

public sealed class TableSpecs
{
    private const string Evil = "a\u001b[2Jb\u0007\r\n[bold]c\ud83e\udd80\t\u009bd";

    public static TheoryData<int> Widths => [1, 2, 3, 7, 20, 40, 79, 80, 81, 200];

    [Theory]
    [MemberData(nameof(Widths))]
    public void A_table_fits_into_any_terminal(int width)
    {
        var table = new PlainTable("TURN", ">IN", "ERROR");
        table.Add("01a1fb2f6ee87773a80f3bce5d518e03", "1,000", Evil);
        table.Add("x", null, new string('y', 1000));

        var text = Draw(width, table.Write);

        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= Math.Max(width, 8), line));
        AssertHarmless(text);
    }

    [Fact]
    public void Where_nobody_looks_a_row_is_one_line()
    {
        var table = new PlainTable("TURN", "ERROR");
        table.Add("x", string.Join('\n', Enumerable.Repeat("word", 50)));
        using var writer = new StringWriter();
        table.Write(Consoles.Create(writer, redirected: true));

        Assert.Equal(2, writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void The_live_table_fits_into_any_terminal(int width)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var folder = new TemporaryLog(Evil);
        var rows = Enumerable
            .Range(0, 30)
            .Select(number => new LiveRow(AgentId.Parse($"agent-{number}"))
            {
                Phase = number < 20 ? AgentPhase.Running : AgentPhase.Idle,
                Since = now - TimeSpan.FromSeconds(number),
                Queued = number,
                Glance = folder.Glance(),
            })
            .ToArray();

        var text = Draw(width, console => console.Write(LiveTable.Draw(new LivePicture(4, 4, 16, rows, 3), now, width, 24)));

        AssertHarmless(text);
        if (width >= 80)
        {
            Assert.True(text.TrimEnd().Split('\n').Length <= 24, text);
            Assert.Contains("4 of 4 slots", text, StringComparison.Ordinal);
            Assert.Contains("and 14 more agents", text, StringComparison.Ordinal);
            Assert.Contains("[bold]c", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("0123456789", 10, "0123456789")]
    [InlineData("0123456789a", 10, "012345678…")]
    [InlineData("01234567\ud83e\udd80ab", 10, "01234567…")]
    [InlineData("two\nlines\tand\r\nmore ", 40, "two lines and more")]
    public void A_line_is_cut_between_characters(string text, int longest, string line) =>
        Assert.Equal(line, Consoles.OneLine(text, longest));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59.9, "59s")]
    [InlineData(61, "1m 01s")]
    [InlineData(3661, "1h 01m")]
    [InlineData(90000, "1d 01h")]
    [InlineData(-5, "0s")]
    public void A_span_is_told_in_its_largest_units(double seconds, string text) =>
        Assert.Equal(text, TurnTexts.Span(TimeSpan.FromSeconds(seconds)));

    private static string Draw(int width, Action<IAnsiConsole> draw)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = width;
        draw(console);
        return writer.ToString();
    }

    private static void AssertHarmless(string text) => Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');

    /// <summary>A turn's log with one text in it.</summary>
    private sealed class TemporaryLog : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("plexum-codex-glance-");
        private readonly TurnDirectory _turn;

        public TemporaryLog(string text)
        {
            var agent = new AgentDirectory(_folder.FullName, AgentId.Parse("alice"));
            _turn = TurnDirectory.Create(agent, TurnId.Parse("turn-1"));
            File.WriteAllBytes(_turn.EventsFile, [.. CanonicalJson.ToLine(1, new CanonicalEvent.TextDelta($"first\n{text}")), (byte)'\n']);
        }

        public LiveGlance Glance()
        {
            var glance = new LiveGlance(_turn);
            glance.Look();
            return glance;
        }

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
