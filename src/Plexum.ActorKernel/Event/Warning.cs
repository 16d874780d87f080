namespace Akka.Event;

/// <summary>Something is not as it should be, and work goes on.</summary>
public class Warning : LogEvent
{
    /// <summary>Creates the event without a cause.</summary>
    public Warning(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Creates the event.</summary>
    public Warning(Exception? cause, string logSource, Type logClass, object message) =>
        Fill(cause, logSource, logClass, message);

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.WarningLevel;
}
