namespace Akka.Event;

/// <summary>Fills the holes of a log template with its arguments.</summary>
public interface ILogMessageFormatter
{
    /// <summary>Fills <paramref name="format"/> with <paramref name="args"/>.</summary>
    string Format(string format, params object[] args);

    /// <summary>Fills <paramref name="format"/> with <paramref name="args"/>.</summary>
    string Format(string format, IEnumerable<object> args);
}
