using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Event;
using Microsoft.Extensions.Logging;
using MicrosoftLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Akka.Hosting;

/// <summary>
/// Hands log events to the host's logger factory, all under the category of <see cref="ActorSystem"/>: a category per
/// source would stay in the factory when its actor is long gone.
/// </summary>
internal sealed class LoggerFactoryLogger : ActorBase
{
    private readonly ILogger _logger =
        ((ActorSystemImpl)Context.System).GetOrAddExtension<ILoggerFactory>(system => throw new ConfigurationException(
            $"The actor system {system.Name} has no logger factory for LoggerFactoryLogger. Add logging to the host, or " +
            "hand a factory to AddLoggerFactory.")).CreateLogger<ActorSystem>();

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case InitializeLogger:
                Sender.Tell(new LoggerInitialized(), Self);
                return true;
            case LogEvent line:
                _logger.Log(LevelFor(line.LogLevel()), default, line, line.Cause, static (line, _) => line.ToString());
                return true;
            default:
                return false;
        }
    }

    private static MicrosoftLevel LevelFor(Event.LogLevel level) => level switch
    {
        Event.LogLevel.DebugLevel => MicrosoftLevel.Debug,
        Event.LogLevel.InfoLevel => MicrosoftLevel.Information,
        Event.LogLevel.WarningLevel => MicrosoftLevel.Warning,
        _ => MicrosoftLevel.Error,
    };
}
