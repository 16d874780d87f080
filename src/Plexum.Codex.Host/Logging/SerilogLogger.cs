using Akka.Actor;
using Akka.Event;
using Serilog;
using Serilog.Events;

namespace Plexum.Codex.Host.Logging;

/// <summary>Hands what actors log to Serilog. The actor system starts it, because its configuration names it.</summary>
public sealed class SerilogLogger : ReceiveActor
{
    /// <summary>Made by the actor system.</summary>
    public SerilogLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<Error>(e => Write(LogEventLevel.Error, e));
        Receive<Warning>(e => Write(LogEventLevel.Warning, e));
        Receive<Info>(e => Write(LogEventLevel.Information, e));
        Receive<Debug>(e => Write(LogEventLevel.Debug, e));
    }

    private static void Write(LogEventLevel level, Akka.Event.LogEvent e)
    {
        if (Log.IsEnabled(level))
        {
            Log.ForContext("Source", e.LogSource).Write(level, e.Cause, "{Text:l}", e.Message?.ToString());
        }
    }
}
