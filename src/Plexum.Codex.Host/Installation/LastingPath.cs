using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Host.Installation;

/// <summary>The path under which a program is still found after an update, and after the shell that found it has ended.</summary>
internal static class LastingPath
{
    // fnm gives each shell a directory, which is a link to a version of node; it may also be below ~/.local/state.
    private const string ShellsOfFnm = "/fnm_multishells/";

    private static readonly string[] Passing = ["/run", "/var/run", "/tmp", "/dev/shm"];

    /// <summary>
    /// The path itself, as a package manager links another version there with an update; but in place of a directory that goes with a
    /// shell or at the next boot, the one that it is a link to.
    /// </summary>
    /// <param name="program">An absolute path.</param>
    public static string Of(string program) => Path.Combine(OfDirectory(Path.GetDirectoryName(program)!), Path.GetFileName(program));

    /// <summary>The same for a directory.</summary>
    /// <param name="directory">An absolute path.</param>
    public static string OfDirectory(string directory) =>
        directory.Contains(ShellsOfFnm, StringComparison.Ordinal) || Passing.Any(root => RealPath.IsWithin(directory, root))
            ? RealPath.OfDirectory(directory) ?? directory
            : directory;
}
