using System.Globalization;
using System.Text;
using Plexum.Codex.Host.Rendering;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Plexum.Codex.Host.Logging;

/// <summary>Writes events to a file that other processes write too.</summary>
/// <param name="file">The file.</param>
/// <param name="formatter">Makes an event's lines.</param>
internal sealed class LineFileSink(LineFile file, ITextFormatter formatter) : ILogEventSink, IDisposable
{
    private int _reported;

    public void Emit(LogEvent logEvent)
    {
        using var lines = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Format(logEvent, lines);
        try
        {
            file.Append(Encoding.UTF8.GetBytes(lines.ToString()));
        }
        catch (IOException e)
        {
            // Told once; more would drown out the turn.
            if (Interlocked.Exchange(ref _reported, 1) == 0)
            {
                StderrMessages.Write($"The log cannot be written: {e.Message}");
            }
        }
    }

    public void Dispose() => file.Dispose();
}
