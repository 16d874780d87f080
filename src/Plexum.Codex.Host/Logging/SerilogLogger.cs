using Akka.Actor;
using Akka.Event;
using Serilog;
using Serilog.Events;

namespace Plexum.Codex.Host.Logging;

/// <summary>
/// Hands what actors log to Serilog, its arguments as properties. The actor system starts it, because its configuration names it.
/// </summary>
public sealed class SerilogLogger : ReceiveActor
{
    private readonly Dictionary<string, LogTemplate> _templates = new(StringComparer.Ordinal);

    /// <summary>Made by the actor system.</summary>
    public SerilogLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<Error>(e => Write(LogEventLevel.Error, e));
        Receive<Warning>(e => Write(LogEventLevel.Warning, e));
        Receive<Info>(e => Write(LogEventLevel.Information, e));
        Receive<Debug>(e => Write(LogEventLevel.Debug, e));
    }

    private void Write(LogEventLevel level, Akka.Event.LogEvent e)
    {
        if (!Log.IsEnabled(level))
        {
            return;
        }

        var log = Log.ForContext("Source", e.LogSource);
        if (e.Message is LogMessage message && message.Parameters().ToArray() is { Length: > 0 } arguments
            && Template(message.Format) is var template && template.Arrange(arguments) is { } arranged)
        {
            log.Write(level, e.Cause, template.Text, arranged);
        }
        else
        {
            log.Write(level, e.Cause, "{Text:l}", e.Message?.ToString());
        }
    }

    // Templates are constants of the program, so there are few of them.
    private LogTemplate Template(string format) =>
        _templates.TryGetValue(format, out var known) ? known : _templates[format] = LogTemplate.Of(format);
}
