using Plexum.Codex.Posix.Secrets;

namespace Plexum.Codex.Host.Secrecy;

/// <summary>
/// .NET's diagnostics port, a socket and two pipes in the directory for temporary files: through it every process of the user can read the
/// environment and dump the memory of a .NET program, debug it and load code into it.
/// </summary>
internal static class DiagnosticsPort
{
    /// <summary>
    /// The variable that closes it, if it is set before the runtime starts. There is no such setting in <c>runtimeconfig.json</c> (.NET's
    /// page "Runtime configuration options for debugging and profiling"; the runtime 10.0.12 knows no name for one).
    /// </summary>
    public const string Variable = "DOTNET_EnableDiagnostics";

    /// <summary>The value of <see cref="Variable"/> that closes it.</summary>
    public const string Closed = "0";

    /// <summary>Closes it: unless the program was started without it, runs the program from its start once more.</summary>
    /// <returns>Why it is not closed, as a sentence; null if it is.</returns>
    public static string? Close()
    {
        if (Environment.GetEnvironmentVariable(Variable) == Closed)
        {
            return null;
        }

        RemoveFiles();
        return $"The daemon cannot restart itself to close .NET's diagnostics port: {ProgramImage.RunAgain(Variable, Closed)}. "
            + $"Start it with {Variable}={Closed} in its environment.";
    }

    // The runtime removes its files when it ends, but not when another program takes its place.
    private static void RemoveFiles()
    {
        var (directory, readable) = (Path.GetTempPath(), new EnumerationOptions { IgnoreInaccessible = true });
        if (!Directory.Exists(directory))
        {
            return;
        }

        foreach (var kind in new[] { "dotnet-diagnostic", "clr-debug-pipe" })
        {
            foreach (var file in Directory.EnumerateFiles(directory, $"{kind}-{Environment.ProcessId}-*", readable))
            {
                try
                {
                    File.Delete(file);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // It is another user's, who had a process of this pid.
                }
            }
        }
    }
}
