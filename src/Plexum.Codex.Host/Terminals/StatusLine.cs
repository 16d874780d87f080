namespace Plexum.Codex.Host.Terminals;

/// <summary>
/// The last line of a terminal, which says what is going on. What is printed meanwhile stands above it. Thread-safe.
/// </summary>
internal sealed class StatusLine : IDisposable
{
    private const string EmptyLine = "\r\u001b[2K";

    // A line that fills the terminal would wrap in some, and so would what a terminal shows behind the line for Ctrl-C pressed twice: ^C^C.
    private const int Margin = 5;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly TextWriter _terminal;
    private readonly Func<string> _text;
    private readonly ITimer _timer;
    private string _shown = "";
    private bool _isOver;

    /// <param name="terminal">The terminal.</param>
    /// <param name="time">The clock.</param>
    /// <param name="text">What is going on now: visible text no wider than <see cref="RoomIn"/>; empty for nothing.</param>
    public StatusLine(TextWriter terminal, TimeProvider time, Func<string> text)
    {
        (_terminal, _text) = (terminal, text);
        _timer = time.CreateTimer(_ => Show(), null, TimeSpan.Zero, Beat);
    }

    /// <summary>How many columns the text may have.</summary>
    /// <param name="width">Those of the terminal.</param>
    public static int RoomIn(int width) => Math.Max(0, width - Margin);

    /// <summary>Prints something above the line.</summary>
    public void Print(Action write)
    {
        lock (_gate)
        {
            Draw("");
            write();
            Draw(_isOver ? "" : _text());
        }
    }

    /// <summary>Removes the line.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_gate)
        {
            _isOver = true;
            Draw("");
        }
    }

    private void Show()
    {
        lock (_gate)
        {
            Draw(_isOver ? "" : _text());
        }
    }

    private void Draw(string text)
    {
        if (text == _shown)
        {
            return;
        }

        try
        {
            _terminal.Write(text.Length == 0 ? EmptyLine : $"{EmptyLine}{text}");
            _terminal.Flush();
            _shown = text;
        }
        catch (IOException)
        {
            // The terminal is gone; what is printed reports that.
            _isOver = true;
        }
    }
}
