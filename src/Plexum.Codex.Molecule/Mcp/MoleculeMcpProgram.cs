using System.Collections.Immutable;
using System.Diagnostics;
using Plexum.Codex.Posix.Secrets;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// How to start <c>molecule-mcp</c>, which registers the workspace, sends its heartbeat and polls its inbox besides serving tools. The bare
/// module <c>molecule_runtime.a2a_mcp_server</c> does none of this, so it is never started.
/// </summary>
/// <param name="Path">The program's path.</param>
/// <param name="Directory">Its state directory, <c>CONFIGS_DIR</c>.</param>
/// <param name="Variables">Environment variables in addition to this process's own; null removes one.</param>
/// <param name="Secret">Returns the workspace's current token, which must not appear in any log.</param>
public sealed record MoleculeMcpProgram(string Path, string Directory, ImmutableDictionary<string, string?> Variables, Func<string> Secret)
{
    /// <summary>Its name on PATH.</summary>
    public const string Name = "molecule-mcp";

    private const string Guard = "/usr/bin/setpriv";
    private const string Advice = "Install molecule's runtime, or name the program with --molecule-mcp or molecule.mcp-program.";

    /// <summary>Finds the program.</summary>
    /// <param name="configured">A path, or a name to look up on <paramref name="searchPath"/>.</param>
    /// <param name="searchPath">The value of PATH.</param>
    /// <exception cref="CodexException">The program was not found; the message says where it was searched for.</exception>
    public static string Find(string configured, string? searchPath)
    {
        if (configured.Contains('/', StringComparison.Ordinal))
        {
            var path = System.IO.Path.GetFullPath(configured);
            return IsProgram(path)
                ? path
                : throw new CodexException($"molecule-mcp was not found: {path} is not an executable file. {Advice}");
        }

        var directories = (searchPath ?? "").Split(System.IO.Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return directories
            .Select(directory => System.IO.Path.GetFullPath(System.IO.Path.Combine(directory, configured)))
            .FirstOrDefault(IsProgram)
            ?? throw new CodexException(
                $"molecule-mcp was not found: there is no program \"{configured}\" on PATH ({string.Join(", ", directories)}). {Advice}"
            );
    }

    /// <summary>The start info of a process.</summary>
    /// <param name="withInbox">Whether the process polls the inbox and sends the heartbeat; only one may.</param>
    public ProcessStartInfo StartInfo(bool withInbox)
    {
        // Kills it with this process even while a call keeps it from noticing the end of its input.
        var start = File.Exists(Guard) ? new ProcessStartInfo(Guard, ["--pdeathsig", "KILL", "--", Path]) : new ProcessStartInfo(Path);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Directory;
        ServiceVariables.RemoveFrom(start.Environment);
        start.Environment["CONFIGS_DIR"] = Directory;

        // With several workspaces it would store its cursors elsewhere and also return messages of the other workspaces.
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

    private static bool IsProgram(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != 0);
    }
}
