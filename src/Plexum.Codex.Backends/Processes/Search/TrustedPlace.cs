using Plexum.Codex.Posix.Paths;

namespace Plexum.Codex.Processes.Search;

/// <summary>
/// The directory to start a version manager's shim in, where no command in a sandbox can write: it chooses what it starts by files there
/// and above, and mise and asdf find the versions for the whole account in the home directory.
/// </summary>
public static class TrustedPlace
{
    private const string Root = "/";

    /// <summary>The home directory; the root if there is none, or if it is in the workspace.</summary>
    /// <param name="workspace">The turn's workspace, without links; null for none.</param>
    public static string Outside(string? workspace = null) =>
        Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
        && Path.IsPathFullyQualified(home)
        && RealPath.OfDirectory(home) is { } real
        && (workspace is null || !RealPath.IsWithin(real, workspace))
            ? real
            : Root;
}
