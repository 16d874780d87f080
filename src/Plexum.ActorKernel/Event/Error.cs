namespace Akka.Event;

/// <summary>Something failed.</summary>
public class Error : LogEvent
{
    /// <summary>Creates the event.</summary>
    public Error(Exception? cause, string logSource, Type logClass, object message) =>
        Fill(cause, logSource, logClass, message);

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Event.LogLevel.ErrorLevel;
}
