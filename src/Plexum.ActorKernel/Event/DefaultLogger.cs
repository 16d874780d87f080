using Akka.Actor;

namespace Akka.Event;

/// <summary>The logger that runs when none is configured: hands every event to the system's minimal logger.</summary>
public class DefaultLogger : ActorBase
{
    private StandardOutLogger? _printer;

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                _printer = Context.System.Settings.StdoutLogger;
                Sender.Tell(new LoggerInitialized(), Self);
                return true;
            case LogEvent logEvent:
                Print(logEvent);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Prints one event.</summary>
    /// <exception cref="InvalidOperationException">No <see cref="InitializeLogger"/> came before it.</exception>
    protected virtual void Print(LogEvent logEvent)
    {
        if (_printer is null)
        {
            throw new InvalidOperationException($"{Self.Path} got a log event before InitializeLogger.");
        }

        _printer.Tell(logEvent, Self);
    }
}
