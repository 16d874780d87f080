using System.Globalization;

namespace Akka.Event;

/// <summary>Fills positional templates such as <c>"took {0} ms"</c>, with the invariant culture.</summary>
public class DefaultLogMessageFormatter : ILogMessageFormatter
{
    /// <summary>The only instance.</summary>
    public static readonly DefaultLogMessageFormatter Instance = new();

    private DefaultLogMessageFormatter()
    {
    }

    /// <summary>
    /// Fills <paramref name="format"/> with <paramref name="args"/>. A template that cannot be filled (a named hole, a
    /// hole without an argument) is not an error: the line is kept, with the arguments behind the bare template.
    /// </summary>
    public string Format(string format, params object[] args)
    {
        try
        {
            return string.Format(CultureInfo.InvariantCulture, format, args);
        }
        catch (FormatException)
        {
            return $"{format} [{string.Join(", ", args)}]";
        }
    }

    /// <inheritdoc cref="Format(string, object[])"/>
    public string Format(string format, IEnumerable<object> args) => Format(format, args as object[] ?? [.. args]);
}
