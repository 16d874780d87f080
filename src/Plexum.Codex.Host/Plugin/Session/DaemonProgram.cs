using System.Collections.Immutable;

namespace Plexum.Codex.Host.Plugin.Session;

/// <summary>How to start a daemon: the current program with <c>serve</c>.</summary>
/// <param name="Path">The program's absolute path.</param>
/// <param name="Arguments">The arguments before <c>serve</c>.</param>
internal sealed record DaemonProgram(string Path, ImmutableArray<string> Arguments)
{
    /// <summary>The program of the current process.</summary>
    public static DaemonProgram OfThisProcess() =>
        System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? new DaemonProgram(Environment.ProcessPath!, [System.IO.Path.GetFullPath(Environment.GetCommandLineArgs()[0])])
            : new DaemonProgram(Environment.ProcessPath!, []);
}
