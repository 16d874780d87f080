using System.Text;

namespace Plexum.Codex.Host.Terminals;

/// <summary>
/// Draws on a whole terminal: on its alternate screen, so that what was there before comes back at the end. Spectre's live display counts
/// the lines that it drew; a terminal that becomes narrower wraps them, and the count is wrong. Hence own code. Thread-safe.
/// </summary>
/// <param name="terminal">The terminal.</param>
/// <param name="hasColors">Whether lines may have colours.</param>
internal sealed class FullScreen(TextWriter terminal, bool hasColors)
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Exit = "\u001b[?25h\u001b[?1049l";
    private const string Clear = "\u001b[2J";
    private const string Home = "\u001b[H";
    private const string EmptyLine = "\u001b[2K";
    private const string WrapOff = "\u001b[?7l";
    private const string WrapOn = "\u001b[?7h";

    // Whoever ends the process does not wait for a terminal that is stopped.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ScreenLine[]? _shown;
    private bool _isEntered;
    private volatile bool _isClosed;

    /// <summary>Shows the lines. If they are shown already, nothing is written.</summary>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public void Show(IReadOnlyList<ScreenLine> lines)
    {
        lock (_gate)
        {
            if (!_isClosed && (_shown is null || !_shown.SequenceEqual(lines)))
            {
                terminal.Write(Frame(lines));
                terminal.Flush();
                _shown = [.. lines];
                _isEntered = true;
            }
        }
    }

    /// <summary>The terminal may show something else by now, so the next lines are drawn even if they are the same.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _shown = null;
        }
    }

    /// <summary>Gives the terminal back as it was. The next lines take it again.</summary>
    /// <param name="then">What is to be done before anything is drawn again; null for nothing.</param>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public void Leave(Action? then = null)
    {
        lock (_gate)
        {
            GiveBack();
            then?.Invoke();
        }
    }

    /// <summary>Gives the terminal back as it was, for good, even in the midst of a process that fails.</summary>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public void Close()
    {
        _isClosed = true;
        if (!_gate.TryEnter(MaxWait))
        {
            return;
        }

        try
        {
            GiveBack();
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void GiveBack()
    {
        if (_isEntered)
        {
            (_shown, _isEntered) = (null, false);
            terminal.Write(Exit);
            terminal.Flush();
        }
    }

    private string Frame(IReadOnlyList<ScreenLine> lines)
    {
        var frame = new StringBuilder();
        frame.Append(_isEntered ? "" : Enter).Append(_shown is null ? Clear : "").Append(WrapOff).Append(Home);
        for (var i = 0; i < Math.Max(lines.Count, _shown?.Length ?? 0); i++)
        {
            frame.Append(i == 0 ? "" : "\r\n").Append(EmptyLine);
            if (i < lines.Count)
            {
                Append(frame, lines[i]);
            }
        }

        return frame.Append(WrapOn).ToString();
    }

    private void Append(StringBuilder frame, ScreenLine line)
    {
        var look = line.Look switch
        {
            LineLook.Quiet => "\u001b[90m",
            LineLook.Title => "\u001b[1m",
            _ => "",
        };
        if (look.Length > 0 && hasColors)
        {
            frame.Append(look).Append(line.Text).Append("\u001b[0m");
        }
        else
        {
            frame.Append(line.Text);
        }
    }
}
