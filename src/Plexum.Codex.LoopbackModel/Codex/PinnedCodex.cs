namespace Plexum.Codex.LoopbackModel.Codex;

/// <summary>The codexes that <c>build.sh</c> installs into the source tree: their native binaries, not npm's script.</summary>
public static class PinnedCodex
{
    /// <summary>The folder in <c>tests</c> with the version that the program is made for.</summary>
    public const string Pinned = "codex-cli";

    /// <summary>The folder in <c>tests</c> with the newest version that was served when it was last moved on.</summary>
    public const string Newest = "codex-newest";

    private static readonly string Executable = OperatingSystem.IsWindows() ? "codex.exe" : "codex";

    /// <summary>Searches a folder and all folders above it.</summary>
    /// <param name="from">The folder to start in; null for that of the running program.</param>
    /// <param name="version">Which one: <see cref="Pinned"/> or <see cref="Newest"/>.</param>
    /// <returns>The full path of the binary, or null if the folder is not in a source tree or codex is not installed there.</returns>
    public static string? Find(string? from = null, string version = Pinned)
    {
        for (var folder = new DirectoryInfo(from ?? AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var packages = Path.Combine(folder.FullName, PackagesOf(version));
            if (Directory.Exists(packages))
            {
                return NativeBinary(packages);
            }
        }

        return null;
    }

    /// <summary>Like <see cref="Find"/>, but throws if codex is not found.</summary>
    /// <exception cref="FileNotFoundException">codex is not installed; the message says how to install it.</exception>
    public static string Require(string? from = null, string version = Pinned) =>
        Find(from, version)
        ?? throw new FileNotFoundException(
            $"The codex CLI is not installed in {PackagesOf(version)} in or above {from ?? AppContext.BaseDirectory}; run ./build.sh codex."
        );

    private static string PackagesOf(string version) => Path.Combine("tests", version, "node_modules", "@openai");

    // <package of the platform>/vendor/<target>/bin/codex; releases before 0.140 had …/codex/codex.
    private static string? NativeBinary(string packages) =>
        Directory
            .EnumerateDirectories(packages)
            .Select(package => Path.Combine(package, "vendor"))
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .SelectMany(target => new[] { Path.Combine(target, "bin", Executable), Path.Combine(target, "codex", Executable) })
            .Where(File.Exists)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
}
