using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Posix.Secrets;

namespace Plexum.Codex.Host.Secrecy;

/// <summary>
/// What keeps the daemon's secrets from the commands that its agents run as the same user: promise S5 of docs/security.md.
/// </summary>
internal static class DaemonSecrecy
{
    /// <summary>
    /// The only way to close .NET's diagnostics port, through which every process of the user can dump the memory of a .NET program, debug
    /// it and load code into it: there is no such setting in runtimeconfig.json (.NET's "debugging-profiling" page of its runtime settings;
    /// 10.0.12 has no name for one).
    /// </summary>
    public const string DiagnosticsVariable = "DOTNET_EnableDiagnostics";

    /// <summary>The value of <see cref="DiagnosticsVariable"/> that closes the port.</summary>
    public const string DiagnosticsOff = "0";

    /// <summary>Overwrites the platform's token in the environment that this process was started with.</summary>
    /// <returns>Why it can still be read there, as a sentence; null if it cannot.</returns>
    public static string? ClearVariables()
    {
        string? problem = null;
        foreach (var name in MoleculeConnection.SecretVariables)
        {
            if (InitialEnvironment.Clear(name) is { } reason)
            {
                problem =
                    $"{name} cannot be cleared from the environment of this process, where every process of this user can read it: "
                    + $"{reason}. Unset it, put the token into a file of mode 600, and set molecule.token-file to its path.";
            }
        }

        return problem;
    }

    /// <summary>
    /// Closes .NET's diagnostics port: runs the program once more with <see cref="DiagnosticsVariable"/>, unless it was started with it.
    /// </summary>
    /// <returns>Why it is not closed, as a sentence; null if it is.</returns>
    public static string? CloseDiagnostics() =>
        Environment.GetEnvironmentVariable(DiagnosticsVariable) == DiagnosticsOff
            ? null
            : "The daemon cannot restart itself to close .NET's diagnostics port: "
                + $"{ProgramImage.RunAgain(DiagnosticsVariable, DiagnosticsOff)}. "
                + $"Start it with {DiagnosticsVariable}={DiagnosticsOff} in its environment.";

    /// <summary>Does all of it for a daemon, once.</summary>
    /// <returns>What <see cref="ClearVariables"/> returns.</returns>
    /// <exception cref="CodexException">It is not possible here.</exception>
    public static string? Begin()
    {
        if (CloseDiagnostics() is { } reason)
        {
            throw new CodexException(reason);
        }

        // codex and its commands may be diagnosed.
        Environment.SetEnvironmentVariable(DiagnosticsVariable, null);

        // First, because the process cannot check its own environment once it is private.
        var problem = ClearVariables();
        try
        {
            PrivateMemory.Begin();
        }
        catch (IOException e)
        {
            throw new CodexException($"{e.Message} A daemon holds secrets; run it where prctl(2) may set PR_SET_DUMPABLE.", e);
        }

        return problem;
    }
}
