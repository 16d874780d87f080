namespace Akka.Event;

/// <summary>Publishes log lines on a bus. The level that the bus has at creation decides what is wanted.</summary>
public sealed class BusLogging : LoggingAdapterBase
{
    private readonly LogLevel _level;

    /// <summary>Creates an adapter for one source.</summary>
    public BusLogging(LoggingBus bus, string logSource, Type logClass, ILogMessageFormatter logMessageFormatter)
        : base(logMessageFormatter)
    {
        Bus = bus;
        LogSource = logSource;
        LogClass = logClass;
        _level = bus.LogLevel;
    }

    /// <summary>Where the lines go.</summary>
    public LoggingBus Bus { get; }

    /// <summary>Who logs.</summary>
    public string LogSource { get; }

    /// <summary>The type of who logs.</summary>
    public Type LogClass { get; }

    /// <inheritdoc/>
    public override bool IsDebugEnabled => _level <= LogLevel.DebugLevel;

    /// <inheritdoc/>
    public override bool IsInfoEnabled => _level <= LogLevel.InfoLevel;

    /// <inheritdoc/>
    public override bool IsWarningEnabled => _level <= LogLevel.WarningLevel;

    /// <inheritdoc/>
    public override bool IsErrorEnabled => _level <= LogLevel.ErrorLevel;

    /// <inheritdoc/>
    protected override void NotifyLog(LogLevel logLevel, object message, Exception? cause = null) =>
        Bus.Publish(logLevel switch
        {
            LogLevel.DebugLevel => new Debug(cause, LogSource, LogClass, message),
            LogLevel.InfoLevel => new Info(cause, LogSource, LogClass, message),
            LogLevel.WarningLevel => new Warning(cause, LogSource, LogClass, message),
            LogLevel.ErrorLevel => new Error(cause, LogSource, LogClass, message),
            _ => throw new ArgumentOutOfRangeException(nameof(logLevel), logLevel, "There is no such log level."),
        });
}
