using Xunit.Sdk;

namespace Akka.TestKit.Xunit2.Internals;

/// <summary>A message is not the expected one.</summary>
public class AkkaEqualException : XunitException
{
    // As long as "Expected: " and "Actual:   ".
    private static readonly string s_newLineAndIndent = Environment.NewLine + new string(' ', 10);

    /// <summary>Creates it with a formatted message.</summary>
    public AkkaEqualException(string format = "", params object?[] args)
        : base(XunitAssertions.Format(format, args))
    {
    }

    /// <summary>Creates it with both values in full and, where there is one, a text that says what they are.</summary>
    public static AkkaEqualException ForMismatchedValues(object? expected, object? actual, string? format = null, params object?[] args)
    {
        var what = format is null ? "" : XunitAssertions.Format(format, args);
        return new AkkaEqualException(
            "{0}",
            $"Assert.Equal() Failure: {(what.Length == 0 ? "Values differ" : what)}{Environment.NewLine}" +
            $"Expected: {Show(expected)}{Environment.NewLine}" +
            $"Actual:   {Show(actual)}");
    }

    private static string Show(object? value) =>
        (value as string ?? ArgumentFormatter.Format(value)).Replace(Environment.NewLine, s_newLineAndIndent, StringComparison.Ordinal);
}
