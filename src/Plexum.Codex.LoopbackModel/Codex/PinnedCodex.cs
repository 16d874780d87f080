namespace Plexum.Codex.LoopbackModel.Codex;

/// <summary>The codex that <c>build.sh</c> installs into the tree: its native binary, not the script in front of it.</summary>
public static class PinnedCodex
{
    private static readonly string Packages = Path.Combine("tests", "codex-cli", "node_modules", "@openai");
    private static readonly string Executable = OperatingSystem.IsWindows() ? "codex.exe" : "codex";

    /// <summary>Looks for it in a folder and all folders above.</summary>
    /// <param name="from">Where to start; null for the folder of the running program.</param>
    /// <returns>The full path of the binary, or null when the program does not run in such a tree or it is not installed.</returns>
    public static string? Find(string? from = null)
    {
        for (var folder = new DirectoryInfo(from ?? AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var packages = Path.Combine(folder.FullName, Packages);
            if (Directory.Exists(packages))
            {
                return NativeBinary(packages);
            }
        }

        return null;
    }

    /// <summary>As <see cref="Find"/>, where there is no going on without it.</summary>
    /// <exception cref="FileNotFoundException">It is not installed; the message says how to.</exception>
    public static string Require(string? from = null) =>
        Find(from) ?? throw new FileNotFoundException(
            $"The codex CLI is not installed in {Packages} of any folder above {from ?? AppContext.BaseDirectory}; run ./build.sh codex.");

    // <package of the platform>/vendor/<target>/bin/codex; releases before 0.140 had …/codex/codex.
    private static string? NativeBinary(string packages) =>
        Directory.EnumerateDirectories(packages)
            .Select(package => Path.Combine(package, "vendor"))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .SelectMany(target => new[] { Path.Combine(target, "bin", Executable), Path.Combine(target, "codex", Executable) })
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
}
