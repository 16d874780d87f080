using System.Collections.Immutable;

namespace Plexum.Codex.Host.Plugin;

/// <summary>How a daemon is started: this very program, told to serve.</summary>
/// <param name="Path">Its absolute path.</param>
/// <param name="Arguments">What stands before <c>serve</c>.</param>
internal sealed record DaemonProgram(string Path, ImmutableArray<string> Arguments)
{
    /// <summary>The one of this process.</summary>
    public static DaemonProgram OfThisProcess() => System.IO.Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? new DaemonProgram(Environment.ProcessPath!, [System.IO.Path.GetFullPath(Environment.GetCommandLineArgs()[0])])
        : new DaemonProgram(Environment.ProcessPath!, []);
}
