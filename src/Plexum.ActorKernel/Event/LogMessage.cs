namespace Akka.Event;

/// <summary>A log template with its arguments; the text is made when somebody asks for it.</summary>
public abstract class LogMessage
{
    /// <summary>Makes the text.</summary>
    protected readonly ILogMessageFormatter Formatter;

    /// <summary>Creates a message from its template.</summary>
    public LogMessage(ILogMessageFormatter formatter, string format)
    {
        Formatter = formatter;
        Format = format;
    }

    /// <summary>The template.</summary>
    public string Format { get; }

    /// <summary>The arguments as text, without the template.</summary>
    public abstract string Unformatted();

    /// <summary>The arguments in their order.</summary>
    public abstract IEnumerable<object> Parameters();
}

/// <summary>The message of every call with arguments.</summary>
internal sealed class FormattedLogMessage(ILogMessageFormatter formatter, string format, object[] args)
    : LogMessage(formatter, format)
{
    public override string ToString() => Formatter.Format(Format, args);

    public override string Unformatted() => string.Join(", ", args);

    public override IEnumerable<object> Parameters() => args;
}
