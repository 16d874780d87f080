namespace Akka.Event;

/// <summary>Worth knowing in normal operation.</summary>
public class Info : LogEvent
{
    /// <summary>Creates the event without a cause.</summary>
    public Info(string logSource, Type logClass, object message)
        : this(null, logSource, logClass, message)
    {
    }

    /// <summary>Creates the event.</summary>
    public Info(Exception? cause, string logSource, Type logClass, object message) =>
        Fill(cause, logSource, logClass, message);

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.InfoLevel;
}
