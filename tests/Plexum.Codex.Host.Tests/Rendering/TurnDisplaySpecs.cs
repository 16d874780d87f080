using Microsoft.Extensions.Time.Testing;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Where the line that says what codex does stands while text is written.</summary>
public sealed class TurnDisplaySpecs : IDisposable
{
    private const string Erased = "\r\u001b[2K";

    private static readonly CanonicalEvent Command = new CanonicalEvent.Activity(
        """{"id":"1","type":"command_execution","command":"cargo test"}"""u8.ToArray(),
        ActivityPhase.Started
    );

    private readonly StringWriter _terminal = new() { NewLine = "\n" };
    private readonly FakeTimeProvider _time = new();
    private readonly TurnDisplay _display;

    public TurnDisplaySpecs()
    {
        var printer = new TurnPrinter(_terminal, answerIsShown: true, Consoles.Create(_terminal, redirected: true), sideIsShown: true);
        _display = new TurnDisplay(printer, _terminal, _time);
    }

    public void Dispose()
    {
        _display.Dispose();
        _terminal.Dispose();
    }

    [Fact]
    public void It_is_away_while_a_line_is_being_written_and_comes_back_for_a_command()
    {
        Show(Piece("I look"));
        Clear();

        _time.Advance(TimeSpan.FromSeconds(1));
        Show(Piece(" at the files."));
        Assert.Equal(" at the files.", _terminal.ToString());

        Show(Command);
        Assert.Contains("files.\n", _terminal.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("  $ cargo test (0s)", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_stands_below_whole_lines()
    {
        _time.Advance(TimeSpan.FromSeconds(1));

        Show(Piece("All is done.\n"));

        Assert.Contains($"{Erased}All is done.\n{Erased}", _terminal.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("  thinking", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_comes_back_when_the_model_says_nothing_for_a_while()
    {
        Show(Piece("I look at the files."));
        Clear();

        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.StartsWith($"\n{Erased}", _terminal.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("  thinking", _terminal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_of_the_program_stands_on_a_line_of_its_own()
    {
        Show(Piece("I look"));
        Clear();

        _display.Print(() => _terminal.Write("The daemon is gone.\n"));
        Show(Piece(" at the files."));
        _display.Finish();

        var shown = _terminal.ToString();
        Assert.StartsWith("\nThe daemon is gone.\n", shown, StringComparison.Ordinal);
        Assert.Contains($"{Erased} at the files.\n", shown, StringComparison.Ordinal);
    }

    private static CanonicalEvent Piece(string text) => new CanonicalEvent.TextDelta(text) { Item = "m" };

    private void Show(CanonicalEvent value) => _display.Show(CanonicalJson.ToLine(1, value));

    private void Clear() => _terminal.GetStringBuilder().Clear();
}
