using System.Reflection;

namespace Plexum.ActorKernel.Tests.Surface;

/// <summary>Reads the lists of this folder, which are embedded in the test assembly.</summary>
internal static class SurfaceList
{
    /// <summary>What Akka.NET has: every heading, and every member as <c>Type: member</c>.</summary>
    public static HashSet<string> Akka()
    {
        var lines = new HashSet<string>(StringComparer.Ordinal);
        var type = "";
        foreach (var line in Read("akka-api.txt"))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                lines.Add($"{type}: {line.Trim()}");
            }
            else
            {
                type = line[..line.LastIndexOf(" (", StringComparison.Ordinal)];
                lines.Add(line);
            }
        }

        return lines;
    }

    /// <summary>What the kernel may have although Akka.NET has not, each with its reason.</summary>
    public static Dictionary<string, string> AllowedDifferences() =>
        Read("allowed-differences.txt").Select(line => line.Split(" -- ", 2)).ToDictionary(
            parts => parts[0],
            parts => parts.Length == 2 ? parts[1] : "",
            StringComparer.Ordinal);

    private static IEnumerable<string> Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Surface/{name}")
            ?? throw new InvalidOperationException($"Surface/{name} is not embedded in the test assembly; the project file must name it.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && !line.StartsWith('#'))
            {
                yield return line;
            }
        }
    }
}
