using Plexum.Codex.Host.Rendering.Tables;
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
}
