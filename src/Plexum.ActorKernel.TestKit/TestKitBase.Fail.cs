using System.Diagnostics.CodeAnalysis;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    private static void EnsureNotNegative(TimeSpan duration, string name)
    {
        if (duration < TimeSpan.Zero)
        {
            throw new ArgumentException($"A duration to wait must not be negative, but is {duration}.", name);
        }
    }

    [DoesNotReturn]
    internal void Fail(string format, params object?[] args)
    {
        _assertions.Fail(format, args);
        throw new InvalidOperationException($"{_assertions.GetType()}.Fail returned; it has to throw for the test to fail.");
    }
}
