using Plexum.Codex.Events;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>
/// Shows a running turn in a terminal: what it says, each thing once, and below that what codex is doing. While a line of text is being
/// written, nothing stands below it.
/// </summary>
internal sealed class TurnDisplay : IDisposable
{
    // As long as a model hardly ever pauses within a sentence: then the message is over, or something is wrong.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    private readonly TurnPrinter _printer;
    private readonly TimeProvider _time;
    private readonly TurnProgress _progress;
    private readonly Repeats _repeats = new();
    private readonly StatusLine _status;
    private DateTimeOffset _printedAt;

    /// <param name="printer">Prints what the turn says.</param>
    /// <param name="terminal">The terminal.</param>
    /// <param name="time">The clock.</param>
    public TurnDisplay(TurnPrinter printer, TextWriter terminal, TimeProvider time)
    {
        (_printer, _time, _progress) = (printer, time, new TurnProgress(time.GetUtcNow()));
        _status = new StatusLine(terminal, time, Below);
    }

    /// <summary>Whether standard error is a terminal with a line that can be written again.</summary>
    public static bool IsPossibleOn(IAnsiConsole console) => !Console.IsErrorRedirected && console.Profile.Capabilities.Ansi;

    /// <summary>The turn waits for others of its agent.</summary>
    /// <param name="ahead">How many.</param>
    public void Queue(int ahead) => _progress.Queue(ahead);

    /// <summary>Shows a line of the turn's log.</summary>
    /// <exception cref="IOException">The answer could not be written.</exception>
    public void Show(ReadOnlyMemory<byte> line)
    {
        if (!CanonicalJsonReader.TryRead(line, out _, out var value))
        {
            return;
        }

        _progress.Take(value, _time.GetUtcNow());
        _status.Print(() =>
        {
            _printedAt = _time.GetUtcNow();
            if (value is CanonicalEvent.Activity { Phase: ActivityPhase.Started } or CanonicalEvent.Notice)
            {
                // Of these the line below tells more than what is printed.
                _printer.EndLine();
            }

            foreach (var once in _repeats.Pass(value))
            {
                _printer.Print(once);
            }
        });
    }

    /// <summary>Prints something else between the lines of the turn.</summary>
    public void Print(Action write) =>
        _status.Print(() =>
        {
            StderrMessages.Try(_printer.EndLine);
            write();
        });

    /// <summary>Shows the rest of the answer: no event follows.</summary>
    /// <exception cref="IOException">The answer could not be written.</exception>
    public void Finish() => _status.Print(_printer.Finish);

    public void Dispose() => _status.Dispose();

    // In a line of text there is no room for the status. It is called between what is printed.
    private string Below()
    {
        var now = _time.GetUtcNow();
        if (_printer.IsInLine && now - _printedAt >= Quiet)
        {
            StderrMessages.Try(_printer.EndLine);
        }

        return _printer.IsInLine ? "" : _progress.Line(now, StatusLine.RoomIn(TerminalSize.Current.Width));
    }
}
