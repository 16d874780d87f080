using System.Globalization;
using Akka.TestKit.Xunit2.Internals;
using Xunit;

namespace Akka.TestKit.Xunit2;

/// <summary>Tells failures to xunit.</summary>
public class XunitAssertions : ITestKitAssertions
{
    /// <inheritdoc />
    public void Fail(string format = "", params object?[] args) => Assert.Fail(Format(format, args));

    /// <inheritdoc />
    public void AssertTrue(bool condition, string format = "", params object?[] args)
    {
        if (!condition)
        {
            Assert.True(condition, Format(format, args));
        }
    }

    /// <inheritdoc />
    public void AssertFalse(bool condition, string format = "", params object?[] args)
    {
        if (condition)
        {
            Assert.False(condition, Format(format, args));
        }
    }

    /// <inheritdoc />
    public void AssertEqual<T>(T expected, T actual, string format = "", params object?[] args)
    {
        if (!MessageEquality.AreEqual(expected, actual))
        {
            throw AkkaEqualException.ForMismatchedValues(expected, actual, format, args);
        }
    }

    /// <inheritdoc />
    public void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "", params object?[] args)
    {
        ArgumentNullException.ThrowIfNull(comparer);
        if (!comparer(expected, actual))
        {
            throw AkkaEqualException.ForMismatchedValues(expected, actual, format, args);
        }
    }

    // Without arguments a text may hold braces: messages print theirs.
    internal static string Format(string format, object?[] args) =>
        args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
}
