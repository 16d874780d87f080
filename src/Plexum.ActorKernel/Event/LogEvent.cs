using System.Globalization;

namespace Akka.Event;

/// <summary>One line of the log on its way over the event stream.</summary>
public abstract class LogEvent
{
    /// <summary>Notes the time and the thread.</summary>
    protected LogEvent()
    {
        Timestamp = DateTime.UtcNow;
        Thread = Thread.CurrentThread;
    }

    /// <summary>The exception that the line is about, or null.</summary>
    public Exception? Cause { get; protected set; }

    /// <summary>When the line was logged, in universal time.</summary>
    public DateTime Timestamp { get; }

    /// <summary>The thread that logged the line.</summary>
    public Thread Thread { get; }

    /// <summary>Who logged: for an actor its path with the system's address.</summary>
    public string LogSource { get; protected set; } = "";

    /// <summary>The type of who logged.</summary>
    public Type LogClass { get; protected set; } = typeof(DummyClassForStringSources);

    /// <summary>What was logged: a text, a <see cref="LogMessage"/>, or any object with a text.</summary>
    public object Message { get; protected set; } = "";

    /// <summary>How much the line matters.</summary>
    public abstract LogLevel LogLevel();

    /// <summary>The whole line: level, time, thread, source, text and cause.</summary>
    public override string ToString()
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"[{LogLevel().LabelFor()}][{Timestamp:MM/dd/yyyy HH:mm:ss.fffK}][Thread {Thread.ManagedThreadId:0000}][{LogSource}] {Message}");
        return Cause is null ? line : $"{line}{Environment.NewLine}Cause: {Cause}";
    }

    private protected void Fill(Exception? cause, string logSource, Type logClass, object message)
    {
        Cause = cause;
        LogSource = logSource;
        LogClass = logClass;
        Message = message;
    }
}
