using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

/// <summary>What a person sees of a turn whose messages come in pieces.</summary>
public sealed class TurnPrinterSpecs : IDisposable
{
    private static readonly CanonicalEvent Update = new CanonicalEvent.Activity("{}"u8.ToArray(), ActivityPhase.Updated);
    private static readonly CanonicalEvent Notice = new CanonicalEvent.Notice("odd", "Something.");
    private static readonly CanonicalEvent End = new CanonicalEvent.MessageEnd(
        StopReason.EndTurn,
        Usage.Zero,
        Usage.Zero,
        null,
        TimeSpan.Zero
    );

    private readonly StringWriter _answer = new() { NewLine = "\n" };
    private readonly StringWriter _side = new() { NewLine = "\n" };

    public void Dispose()
    {
        _answer.Dispose();
        _side.Dispose();
    }

    [Fact]
    public void A_terminal_shows_text_when_it_comes_and_breaks_it_only_for_what_is_printed()
    {
        var (printer, shown) = (OnTerminal(), _answer);

        Print(printer, Piece("I look at the fi"));
        Assert.Equal("I look at the fi", shown.ToString());
        Assert.True(printer.IsInLine);

        Print(printer, Update, Piece("les"), Notice, Piece(", now.\n"), Notice);
        Assert.Equal("I look at the files\nodd: Something.\n, now.\nodd: Something.\n", shown.ToString());
        Assert.False(printer.IsInLine);
    }

    [Fact]
    public void A_terminal_shows_reasoning_when_it_comes_on_lines_of_its_own()
    {
        var printer = OnTerminal();

        Print(printer, Thought("Hm"), Thought(", ha"), Piece("Yes"), Thought(".\nOh"), new CanonicalEvent.ThinkingDelta("Whole."));

        Assert.Equal("Hm, ha\nYes\n.\nOh\nWhole.\n", _answer.ToString());
    }

    [Fact]
    public void What_is_printed_elsewhere_breaks_no_line()
    {
        var printer = new TurnPrinter(_answer, answerIsShown: true, Consoles.Create(_side, redirected: true), sideIsShown: false);

        Print(printer, Piece("I look at the fi"), Notice, Thought("Hm"), Piece("les."), End);

        Assert.Equal("I look at the files.\n", _answer.ToString());
        Assert.StartsWith("odd: Something.\nHm\ndone in ", _side.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_gets_each_message_whole_and_as_it_is()
    {
        var printer = new TurnPrinter(_answer, answerIsShown: false, Consoles.Create(_side, redirected: true), sideIsShown: true);

        Print(printer, Piece("{\"a\":\u001b[2J"), Notice, Thought("Hm"));
        Assert.Equal("", _answer.ToString());

        Print(printer, Piece(" 1}"), End);
        Assert.Equal("{\"a\":\u001b[2J 1}\n", _answer.ToString());
        Assert.StartsWith("odd: Something.\nHm\ndone in ", _side.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u001b", "[2J", @"\x1b[2J")]
    [InlineData("\u001b[", "2J", @"\x1b[2J")]
    [InlineData("a\r", "\nb", "a\nb")]
    [InlineData("a\r", "b", @"a\x0db")]
    public void What_is_cut_between_two_pieces_drives_no_terminal(string one, string two, string shown)
    {
        var printer = OnTerminal();

        Print(printer, Piece(one), Piece(two), Thought(one), Thought(two));
        printer.Finish();

        Assert.Equal($"{shown}\n{shown}\n", _answer.ToString());
    }

    [Fact]
    public void What_does_not_end_is_ended_once()
    {
        var printer = OnTerminal();

        Print(printer, Piece("a"));
        printer.EndLine();
        printer.EndLine();
        Print(printer, Piece("b"));
        printer.Finish();
        printer.Finish();

        Assert.Equal("a\nb\n", _answer.ToString());
    }

    [Theory]
    [InlineData(null, null, "thread none\n")]
    [InlineData(BackendKind.Exec, null, "thread none\n")]
    [InlineData(BackendKind.Exec, "codex 9.9.9 was not tried.", "thread none\n")]
    [InlineData(BackendKind.AppServer, null, "thread none, app-server\n")]
    public void The_end_names_the_warm_codex_and_the_beginning_why_it_was_not_taken(BackendKind? backend, string? reason, string end)
    {
        using var side = new StringWriter();
        var printer = new TurnPrinter(TextWriter.Null, answerIsShown: false, Consoles.Create(side, redirected: true), sideIsShown: false);

        printer.Print(
            new CanonicalEvent.MessageStart(TurnId.Parse("t"), AgentId.Parse("a"), Resumed: false)
            {
                Backend = backend,
                BackendReason = reason,
            }
        );
        printer.Print(new CanonicalEvent.MessageEnd(StopReason.EndTurn, Usage.Zero, Usage.Zero, null, TimeSpan.FromSeconds(1), null));

        var text = side.ToString().ReplaceLineEndings("\n");
        Assert.EndsWith(end, text, StringComparison.Ordinal);
        Assert.Equal(reason is not null, text.StartsWith($"· codex exec runs the turn: {reason}\n", StringComparison.Ordinal));
    }

    private static CanonicalEvent Piece(string text) => new CanonicalEvent.TextDelta(text) { Item = "m" };

    private static CanonicalEvent Thought(string text) => new CanonicalEvent.ThinkingDelta(text) { Item = "r" };

    private static void Print(TurnPrinter printer, params CanonicalEvent[] events) => Array.ForEach(events, printer.Print);

    // A terminal has both, one after the other.
    private TurnPrinter OnTerminal() => new(_answer, answerIsShown: true, Consoles.Create(_answer, redirected: true), sideIsShown: true);
}
