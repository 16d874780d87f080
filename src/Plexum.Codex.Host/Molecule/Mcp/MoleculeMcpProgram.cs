using System.Collections.Immutable;
using System.Diagnostics;

namespace Plexum.Codex.Host.Molecule.Mcp;

/// <summary>
/// How <c>molecule-mcp</c> is started: the program that registers the workspace, sends its heartbeat and polls its inbox before it serves
/// tools. The bare module <c>molecule_runtime.a2a_mcp_server</c> does none of these, so it is never started.
/// </summary>
/// <param name="Path">The program.</param>
/// <param name="Directory">Where it keeps what it keeps, its <c>CONFIGS_DIR</c>.</param>
/// <param name="Variables">The variables that it gets beside this process's own; null takes one out.</param>
/// <param name="Secret">The workspace's token as it is now, which must get into no log.</param>
public sealed record MoleculeMcpProgram(
    string Path, string Directory, ImmutableDictionary<string, string?> Variables, Func<string> Secret)
{
    /// <summary>Its name on PATH.</summary>
    public const string Name = "molecule-mcp";

    private const string Guard = "/usr/bin/setpriv";
    private const string Advice = "Install molecule's runtime, or name the program with --molecule-mcp or molecule.mcp-program.";

    /// <summary>Finds the program.</summary>
    /// <param name="configured">A path, or a name to be looked for on <paramref name="searchPath"/>.</param>
    /// <param name="searchPath">The value of PATH.</param>
    /// <exception cref="CodexException">It is not there; the message says where it was looked for.</exception>
    public static string Find(string configured, string? searchPath)
    {
        if (configured.Contains('/', StringComparison.Ordinal))
        {
            var path = System.IO.Path.GetFullPath(configured);
            return IsProgram(path) ? path : throw new CodexException($"molecule-mcp was not found: {path} is no program that this user may run. {Advice}");
        }

        var directories = (searchPath ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return directories.Select(directory => System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, configured))).FirstOrDefault(IsProgram)
            ?? throw new CodexException($"molecule-mcp was not found: there is no program \"{configured}\" on PATH ({string.Join(", ", directories)}). {Advice}");
    }

    /// <summary>How a process is started.</summary>
    /// <param name="withInbox">Whether it polls the inbox and sends the heartbeat; only one may.</param>
    public ProcessStartInfo StartInfo(bool withInbox)
    {
        // It dies with this process even where a call keeps it from noticing that its standard input has ended.
        var start = File.Exists(Guard) ? new ProcessStartInfo(Guard, ["--pdeathsig", "KILL", "--", Path]) : new ProcessStartInfo(Path);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Directory;
        start.Environment["CONFIGS_DIR"] = Directory;

        // With several workspaces a poller keeps its cursors elsewhere, and another one's messages would come.
        start.Environment.Remove("MOLECULE_WORKSPACES");
        foreach (var (name, value) in Variables)
        {
            start.Environment[name] = value;
        }

        foreach (var part in new[] { "MOLECULE_MCP_DISABLE_INBOX", "MOLECULE_MCP_DISABLE_HEARTBEAT" })
        {
            start.Environment[part] = withInbox ? null : "1";
        }

        return start;
    }

    private static bool IsProgram(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
