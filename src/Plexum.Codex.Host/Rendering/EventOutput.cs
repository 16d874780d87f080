using System.Text;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Writes a turn's events to standard output, either formatted for people or as they are in the turn's log.</summary>
internal sealed class EventOutput : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Stream _stdout = Console.OpenStandardOutput();
    private readonly GuardedOutput _output;
    private readonly TurnDisplay? _display;
    private readonly TurnPrinter? _printer;

    /// <param name="json">Whether to write the events as they are in the log.</param>
    /// <param name="isLive">
    /// Whether the turn runs now. Then a terminal shows what codex is doing and nothing twice; what is piped stays as it is.
    /// </param>
    public EventOutput(bool json, bool isLive = false)
    {
        var answer = new StreamWriter(_stdout, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        var side = Consoles.Error();
        var (isShown, isSideShown) = (!Console.IsOutputRedirected, !Console.IsErrorRedirected);
        if (isLive && !json && isShown && TurnDisplay.IsPossibleOn(side))
        {
            var printer = new TurnPrinter(answer, isShown, side, isSideShown, isBare: true);
            _display = new TurnDisplay(printer, Console.Error, TimeProvider.System);
            _output = new GuardedOutput(_display.Show, StderrMessages.Write);
            StderrMessages.Among(_display.Print);
            return;
        }

        _output = new GuardedOutput(Write, StderrMessages.Write);
        if (!json)
        {
            _printer = new TurnPrinter(answer, isShown, side, isSideShown);
            StderrMessages.Among(PrintAmong);
        }
    }

    /// <summary>Whether a write has failed.</summary>
    public bool IsBroken => _output.IsBroken;

    /// <summary>Shows that the turn waits for others of its agent.</summary>
    /// <param name="ahead">How many.</param>
    public void Queue(int ahead) => _display?.Queue(ahead);

    /// <summary>Shows an event.</summary>
    /// <param name="line">The event's line in the log.</param>
    /// <param name="log">The path of the log, for the error message.</param>
    public void Show(ReadOnlyMemory<byte> line, string log) => _output.Show(line, log);

    /// <summary>Shows what is left of the answer: no event follows.</summary>
    /// <param name="log">The path of the log, for the error message.</param>
    public void Finish(string log) => _output.Do(FinishNow, log);

    public ValueTask DisposeAsync()
    {
        // What a failure left in a line is not to stand before what is said about it.
        StderrMessages.Try(FinishNow);
        StderrMessages.Among(null);
        _display?.Dispose();
        return _stdout.DisposeAsync();
    }

    private void Write(ReadOnlyMemory<byte> line)
    {
        lock (_gate)
        {
            if (_printer is null)
            {
                WriteLine(_stdout, JsonFor(line.Span));
            }
            else
            {
                _printer.Print(line);
            }
        }
    }

    private void FinishNow()
    {
        lock (_gate)
        {
            _printer?.Finish();
        }

        _display?.Finish();
    }

    private void PrintAmong(Action write)
    {
        lock (_gate)
        {
            if (_printer is not null)
            {
                StderrMessages.Try(_printer.EndLine);
            }

            write();
        }
    }

    // A program gets the bytes of the log. A terminal gets the same JSON with escapes in place of what it might obey.
    private static ReadOnlySpan<byte> JsonFor(ReadOnlySpan<byte> line) =>
        Console.IsOutputRedirected ? line : Encoding.UTF8.GetBytes(VisibleText.InJson(Encoding.UTF8.GetString(line)));

    // One write per line, so that programs that share an output do not interleave within a line.
    private static void WriteLine(Stream output, ReadOnlySpan<byte> line) => output.Write([.. line, (byte)'\n']);
}
