using Xunit;
using Xunit.Sdk;

namespace Plexum.ActorKernel.TestKitTests;

/// <summary>Catches the failure of an expectation and looks for parts of its message.</summary>
internal static class Failure
{
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(40);

    public static void Of(Action expectation, params string[] parts) =>
        Check(Assert.ThrowsAny<XunitException>(expectation), parts);

    public static async Task Of(Func<Task> expectation, params string[] parts) =>
        Check(await Assert.ThrowsAnyAsync<XunitException>(expectation), parts);

    private static void Check(XunitException failure, string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
}
