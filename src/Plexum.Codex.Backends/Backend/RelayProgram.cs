using System.Collections.Immutable;

namespace Plexum.Codex.Backend;

/// <summary>The program that codex starts to reach the tools: the small relay beside this program, or else this program itself.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record RelayProgram(string Path, ImmutableArray<string> Arguments)
{
    private const string Command = "mcp-host";

    /// <summary>The file name of the small relay.</summary>
    public const string FileName = "plexum-codex-mcp-host";

    /// <summary>The relay for this process.</summary>
    public static RelayProgram OfThisProcess() =>
        Find(Environment.ProcessPath!, AppContext.BaseDirectory, Environment.GetCommandLineArgs()[0]);

    /// <summary>Finds the relay.</summary>
    /// <param name="process">The executable of this process; <c>dotnet</c> if that runs this program.</param>
    /// <param name="directory">The directory of this program.</param>
    /// <param name="assembly">This program's assembly, as passed to <c>dotnet</c>.</param>
    public static RelayProgram Find(string process, string directory, string assembly)
    {
        var beside = System.IO.Path.Combine(directory, FileName);
        return File.Exists(beside) ? new RelayProgram(beside, [])
            : System.IO.Path.GetFileNameWithoutExtension(process) == "dotnet"
                ? new RelayProgram(process, [System.IO.Path.GetFullPath(assembly), Command])
            : new RelayProgram(process, [Command]);
    }
}
