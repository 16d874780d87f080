using System.Globalization;
using Plexum.Codex.Posix;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Plexum.Codex.Host.Logging;

/// <summary>
/// Writes each event as one line, and its exception below it, indented. Whatever stands in a value, a template or an exception, it can
/// neither begin a line that looks like another event nor drive a terminal that shows the log.
/// </summary>
internal sealed class VisibleLogFormatter : ITextFormatter
{
    private const string Indent = "    ";

    // Texts are quoted, so that one sees where a value ends.
    private readonly MessageTemplateTextFormatter _line = new(
        "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} {Level:u3} {Message:j}",
        CultureInfo.InvariantCulture
    );

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        _line.Format(logEvent, line);
        output.WriteLine(VisibleText.OneLine(line.ToString()));
        if (logEvent.Exception is { } exception)
        {
            foreach (var part in VisibleText.Of(exception.ToString()).Split('\n'))
            {
                output.WriteLine(Indent + part);
            }
        }
    }
}
