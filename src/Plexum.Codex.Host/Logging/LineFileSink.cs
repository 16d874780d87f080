using System.Globalization;
using System.Text;
using Plexum.Codex.Host.Rendering;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Plexum.Codex.Host.Logging;

/// <summary>Writes events to a file that other processes write too.</summary>
internal sealed class LineFileSink : ILogEventSink, IDisposable
{
    private readonly LineFile _file;
    private readonly ITextFormatter _formatter;
    private readonly LineQueue _lines;
    private int _reported;

    /// <param name="file">The file.</param>
    /// <param name="formatter">Makes an event's lines.</param>
    public LineFileSink(LineFile file, ITextFormatter formatter)
    {
        (_file, _formatter) = (file, formatter);
        _lines = new LineQueue(lines => file.Append(lines), Report);
    }

    public void Emit(LogEvent logEvent)
    {
        using var lines = new StringWriter(CultureInfo.InvariantCulture);
        _formatter.Format(logEvent, lines);
        _lines.Append(Encoding.UTF8.GetBytes(lines.ToString()));
    }

    public void Dispose()
    {
        _lines.Dispose();

        // To close it would wait for a write that hangs.
        if (_lines.IsWritten)
        {
            _file.Dispose();
        }
    }

    // Told once; more would drown out the turn.
    private void Report(string problem)
    {
        if (Interlocked.Exchange(ref _reported, 1) == 0)
        {
            StderrMessages.Write($"The log cannot be written: {problem}");
        }
    }
}
