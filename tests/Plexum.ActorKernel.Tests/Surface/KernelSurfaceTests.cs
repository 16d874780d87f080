using System.Reflection;
using Xunit;

namespace Plexum.ActorKernel.Tests.Surface;

/// <summary>
/// Code written against the kernel must compile against Akka.NET. Compiled for the built-in runtime only: with the real
/// packages there is nothing to compare.
/// </summary>
public sealed class KernelSurfaceTests
{
    private const string HowToMake = "If Akka.NET has it, make Surface/akka-api.txt anew (its first lines say how); otherwise make it internal.";

    private static readonly Assembly[] s_assemblies =
    [
        Assembly.Load("Plexum.ActorKernel"),
        Assembly.Load("Plexum.ActorKernel.TestKit"),
    ];

    [Fact]
    public void What_the_kernel_shows_is_part_of_what_Akka_shows()
    {
        var kernel = KernelLines().ToArray();
        var akka = SurfaceList.Akka();
        var allowed = SurfaceList.AllowedDifferences();

        var foreign = kernel.Where(line => !line.Forms.Any(akka.Contains) && !allowed.ContainsKey(line.Text)).Select(line => line.Text).ToArray();

        Assert.NotEmpty(kernel);
        Assert.True(foreign.Length == 0, $"{foreign.Length} lines are not Akka.NET's. {HowToMake}\n{string.Join('\n', foreign)}");
    }

    [Fact]
    public void Every_allowed_difference_has_a_reason_and_is_still_there()
    {
        var kernel = KernelLines().ToDictionary(line => line.Text, StringComparer.Ordinal);
        var akka = SurfaceList.Akka();

        var idle = SurfaceList.AllowedDifferences()
            .Where(entry => string.IsNullOrWhiteSpace(entry.Value) || !kernel.TryGetValue(entry.Key, out var line) || line.Forms.Any(akka.Contains))
            .Select(entry => entry.Key)
            .ToArray();

        Assert.True(idle.Length == 0, $"Without a reason or no longer needed in Surface/allowed-differences.txt:\n{string.Join('\n', idle)}");
    }

    // An override adds nothing that a caller could name, so it does not matter whether Akka.NET overrides there too.
    private static IEnumerable<(string Text, IEnumerable<string> Forms)> KernelLines() =>
        from type in s_assemblies.SelectMany(PublicSurface.Types)
        from line in PublicSurface.Members(type)
            .Where(member => !member.IsOverride)
            .Select(member => (Text: Line(type, member.Text), Forms: member.FormsThatDoMore.Append(member.Text).Select(text => Line(type, text))))
            .Prepend((PublicSurface.Heading(type), [PublicSurface.Heading(type)]))
        select line;

    private static string Line(Type type, string member) => $"{TypeName.Of(type)}: {member}";
}
