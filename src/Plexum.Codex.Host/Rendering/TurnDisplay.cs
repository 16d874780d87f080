using Plexum.Codex.Events;
using Plexum.Codex.Host.Terminals;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Shows a running turn in a terminal: what it says, each thing once, and below that what codex is doing.</summary>
internal sealed class TurnDisplay : IDisposable
{
    private readonly TurnPrinter _printer;
    private readonly TimeProvider _time;
    private readonly TurnProgress _progress;
    private readonly Repeats _repeats = new();
    private readonly StatusLine _status;

    /// <param name="printer">Prints what the turn says.</param>
    /// <param name="terminal">The terminal.</param>
    /// <param name="time">The clock.</param>
    public TurnDisplay(TurnPrinter printer, TextWriter terminal, TimeProvider time)
    {
        (_printer, _time, _progress) = (printer, time, new TurnProgress(time.GetUtcNow()));
        _status = new StatusLine(terminal, time, () => _progress.Line(_time.GetUtcNow(), StatusLine.RoomIn(TerminalSize.Current.Width)));
        StderrMessages.Above(_status);
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
            foreach (var once in _repeats.Pass(value))
            {
                _printer.Print(once);
            }
        });
    }

    public void Dispose()
    {
        StderrMessages.Above(null);
        _status.Dispose();
    }
}
