namespace Akka.Event;

/// <summary>
/// Where an actor or a part of the system writes its log lines. The methods to call stand in
/// <see cref="LoggingExtensions"/>: they ask for the level before they build anything.
/// </summary>
public interface ILoggingAdapter
{
    /// <summary>Fills the templates.</summary>
    ILogMessageFormatter Formatter { get; }

    /// <summary>Whether debug lines are wanted.</summary>
    bool IsDebugEnabled { get; }

    /// <summary>Whether info lines are wanted.</summary>
    bool IsInfoEnabled { get; }

    /// <summary>Whether warnings are wanted.</summary>
    bool IsWarningEnabled { get; }

    /// <summary>Whether errors are wanted.</summary>
    bool IsErrorEnabled { get; }

    /// <summary>Whether lines of this level are wanted.</summary>
    bool IsEnabled(LogLevel logLevel);

    /// <summary>Logs a text as it stands, whatever level is wanted.</summary>
    void Log(LogLevel logLevel, Exception? cause, string format);

    /// <summary>Logs a message, whatever level is wanted.</summary>
    void Log(LogLevel logLevel, Exception? cause, LogMessage message);
}
