using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Host.Installation;

/// <summary>The path under which a program is still found after an update, and after the shell that found it has ended.</summary>
internal static class LastingPath
{
    // fnm gives each shell a directory, which is a link to a version of node, below XDG_RUNTIME_DIR or ~/.local/state.
    private const string ShellsOfFnm = "/fnm_multishells/";

    // What goes with a login: pam_systemd(8). The rest of /run may be as lasting as /run/current-system, the system's own name on NixOS.
    private const string OfLogins = "/run/user/";

    /// <summary>
    /// The path itself, as a package manager links another version there with an update; but in place of a directory that goes with a
    /// shell or a login, the one that it is a link to.
    /// </summary>
    /// <param name="program">An absolute path.</param>
    /// <param name="runtimeDirectory">The value of XDG_RUNTIME_DIR; null if there is none.</param>
    public static string Of(string program, string? runtimeDirectory) =>
        Path.Combine(OfDirectory(Path.GetDirectoryName(program)!, runtimeDirectory), Path.GetFileName(program));

    /// <summary>The same for a directory.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="runtimeDirectory">The value of XDG_RUNTIME_DIR; null if there is none.</param>
    public static string OfDirectory(string directory, string? runtimeDirectory) =>
        $"{directory}/".Contains(ShellsOfFnm, StringComparison.Ordinal)
        || directory.StartsWith(OfLogins, StringComparison.Ordinal)
        || (runtimeDirectory is { Length: > 1 } && RealPath.IsWithin(directory, Path.TrimEndingDirectorySeparator(runtimeDirectory)))
            ? RealPath.OfDirectory(directory) ?? directory
            : directory;

    /// <summary>The value of XDG_RUNTIME_DIR in this process.</summary>
    public static string? RuntimeDirectory => Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
}
