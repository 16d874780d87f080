using System.Collections.Immutable;

namespace Plexum.Codex.Backend;

/// <summary>The program that codex starts to reach the tools: the small one beside this program's own, else this program itself.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record RelayProgram(string Path, ImmutableArray<string> Arguments)
{
    private const string Command = "mcp-host";

    /// <summary>The name of the small program.</summary>
    public const string FileName = "plexum-codex-mcp-host";

    /// <summary>The one of this process.</summary>
    public static RelayProgram OfThisProcess() => Find(Environment.ProcessPath!, AppContext.BaseDirectory, Environment.GetCommandLineArgs()[0]);

    /// <summary>Finds it.</summary>
    /// <param name="process">The executable of this process; <c>dotnet</c> where that was told to run this program.</param>
    /// <param name="directory">Where this program lies.</param>
    /// <param name="assembly">This program as <c>dotnet</c> takes it.</param>
    public static RelayProgram Find(string process, string directory, string assembly)
    {
        var beside = System.IO.Path.Combine(directory, FileName);
        return File.Exists(beside) ? new RelayProgram(beside, [])
            : System.IO.Path.GetFileNameWithoutExtension(process) == "dotnet" ? new RelayProgram(process, [System.IO.Path.GetFullPath(assembly), Command])
            : new RelayProgram(process, [Command]);
    }
}
