using System.Text.Json;
using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Processes.Search;

/// <summary>
/// The script <c>bin/codex.js</c> of the npm package <c>@openai/codex</c>, which npm, yarn and bun link as <c>codex</c>. It starts the
/// native program of another package.
/// </summary>
/// <param name="Path">The script, with every link followed.</param>
/// <param name="Package">The directory of its package.</param>
internal sealed record NpmScript(string Path, string Package)
{
    private const string Name = "@openai/codex";

    /// <summary>The script that a program leads to; null if it leads to anything else.</summary>
    /// <param name="program">An absolute path.</param>
    public static NpmScript? At(string program) =>
        RealPath.OfAnything(program) is { } script
        && script.EndsWith("/bin/codex.js", StringComparison.Ordinal)
        && System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(script)) is { } package
        && (package.EndsWith("/" + Name, StringComparison.Ordinal) || NameOf(package) == Name)
            ? new NpmScript(script, package)
            : null;

    /// <summary>
    /// Where the native program may be: the package's own <c>node_modules</c>, beside the package, or, in older ones, the package itself.
    /// </summary>
    public IEnumerable<string> Roots =>
        [Package, System.IO.Path.Combine(Package, "node_modules", "@openai"), System.IO.Path.GetDirectoryName(Package)!];

    /// <summary>
    /// The native program, as in <c>@openai/codex-linux-x64/vendor/&lt;target&gt;/bin/codex</c>; null if the package is only partly
    /// installed.
    /// </summary>
    public string? FindNative() =>
        Roots
            .Where(Directory.Exists)
            .SelectMany(root => root == Package ? [root] : Directory.GetDirectories(root, "codex-linux-*"))
            .Select(directory => System.IO.Path.Combine(directory, "vendor"))
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .SelectMany(target =>
                new[] { System.IO.Path.Combine(target, "bin", "codex"), System.IO.Path.Combine(target, "codex", "codex") }
            )
            .FirstOrDefault(ProgramSearch.IsProgram);

    private static string? NameOf(string package)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(package, "package.json")));
            return document.RootElement.GetProperty("name").GetString();
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Whatever it is, it is not npm's package of codex.
            return null;
        }
    }
}
