namespace Akka.Event;

/// <summary>For whoever looks for a fault in the program.</summary>
public class Debug : LogEvent
{
    /// <summary>Creates the event without a cause.</summary>
    public Debug(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Creates the event.</summary>
    public Debug(Exception? cause, string logSource, Type logClass, object message) =>
        Fill(cause, logSource, logClass, message);

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.DebugLevel;
}
