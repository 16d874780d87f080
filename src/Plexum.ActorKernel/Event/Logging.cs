using Akka.Actor;

namespace Akka.Event;

/// <summary>Makes logging adapters and translates log levels.</summary>
public static class Logging
{
    internal const LogLevel OffLevel = (LogLevel)int.MaxValue;

    internal static readonly LogLevel[] AllLevels =
        [LogLevel.DebugLevel, LogLevel.InfoLevel, LogLevel.WarningLevel, LogLevel.ErrorLevel];

    /// <summary>The adapter of the actor that is at work. Its source is the actor's path.</summary>
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null) =>
        GetLogger(context.System, context, logMessageFormatter);

    /// <summary>An adapter that logs to <paramref name="system"/> in the name of <paramref name="logSourceObj"/>.</summary>
    public static ILoggingAdapter GetLogger(
        ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var source = LogSource.Create(logSourceObj, system);
        return new BusLogging(
            system.EventStream, source.Source, source.Type, logMessageFormatter ?? system.Settings.LogFormatter);
    }

    /// <summary>An adapter that logs to a bus in the name of <paramref name="logSourceObj"/>.</summary>
    public static ILoggingAdapter GetLogger(
        LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null)
    {
        var source = LogSource.Create(logSourceObj);
        return new BusLogging(
            loggingBus, source.Source, source.Type, logMessageFormatter ?? DefaultLogMessageFormatter.Instance);
    }

    /// <summary>The name of a type, without its namespace.</summary>
    public static string SimpleName(Type t) => t.Name;

    /// <summary>The name of the type of <paramref name="o"/>, without its namespace.</summary>
    public static string SimpleName(object o) => SimpleName(o.GetType());

    /// <summary>The class of the events of this level.</summary>
    /// <exception cref="ArgumentException">There is no such level.</exception>
    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException($"There is no log level {(int)logLevel}.", nameof(logLevel)),
    };

    /// <summary>The level's name as the settings spell it: DEBUG, INFO, WARNING, ERROR or OFF.</summary>
    /// <exception cref="ArgumentException">There is no such level.</exception>
    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        OffLevel => "OFF",
        _ when Array.IndexOf(AllLevels, logLevel) >= 0 => logLevel.LabelFor(),
        _ => throw new ArgumentException($"There is no log level {(int)logLevel}.", nameof(logLevel)),
    };

    /// <summary>The level with this name, in any case; OFF is above all levels.</summary>
    /// <exception cref="ArgumentException">There is no such level.</exception>
    public static LogLevel LogLevelFor(string? logLevel) => logLevel?.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => OffLevel,
        _ => throw new ArgumentException(
            $"Unknown LogLevel: \"{logLevel}\". Valid values are: \"DEBUG\", \"INFO\", \"WARNING\", \"ERROR\", \"OFF\"",
            nameof(logLevel)),
    };

    internal static string LabelFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        _ => "ERROR",
    };
}
