namespace Akka.Event;

/// <summary>How much a log event matters; ordered from the least to the most.</summary>
public enum LogLevel
{
    /// <summary>For whoever looks for a fault in the program.</summary>
    DebugLevel,

    /// <summary>Worth knowing in normal operation.</summary>
    InfoLevel,

    /// <summary>Something is not as it should be, and work goes on.</summary>
    WarningLevel,

    /// <summary>Something failed.</summary>
    ErrorLevel,
}
