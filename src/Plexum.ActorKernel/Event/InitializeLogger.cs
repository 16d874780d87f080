namespace Akka.Event;

/// <summary>The first message that a logger actor gets. It answers with <see cref="LoggerInitialized"/>.</summary>
public class InitializeLogger
{
    /// <summary>Creates the message.</summary>
    public InitializeLogger(LoggingBus loggingBus) => LoggingBus = loggingBus;

    /// <summary>The bus whose lines the logger will get.</summary>
    public LoggingBus LoggingBus { get; }
}

/// <summary>Says that a logger actor is ready; only now it gets log events.</summary>
public class LoggerInitialized : IDeadLetterSuppression
{
}
