namespace Akka.TestKit;

/// <summary>How the TestKit tells the test framework that something is not as expected.</summary>
/// <remarks>Formats are those of <see cref="string.Format(string, object[])"/>. Each method throws when its expectation fails.</remarks>
public interface ITestKitAssertions
{
    /// <summary>Fails the test.</summary>
    void Fail(string format = "", params object?[] args);

    /// <summary>Fails the test unless <paramref name="condition"/> holds.</summary>
    void AssertTrue(bool condition, string format = "", params object?[] args);

    /// <summary>Fails the test if <paramref name="condition"/> holds.</summary>
    void AssertFalse(bool condition, string format = "", params object?[] args);

    /// <summary>Fails the test unless the two are equal, sequences element by element.</summary>
    void AssertEqual<T>(T expected, T actual, string format = "", params object?[] args);

    /// <summary>Fails the test unless <paramref name="comparer"/> finds the two equal.</summary>
    void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "", params object?[] args);
}
