using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Posix.Secrets;

namespace Plexum.Codex.Host.Secrecy;

/// <summary>
/// What keeps the daemon's secrets from the commands that its agents run as the same user: promise S5 of docs/security.md.
/// </summary>
internal static class DaemonSecrecy
{
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

    /// <summary>Does all of it for a daemon, once.</summary>
    /// <returns>What <see cref="ClearVariables"/> returns.</returns>
    /// <exception cref="CodexException">It is not possible here.</exception>
    public static string? Begin()
    {
        if (DiagnosticsPort.Close() is { } reason)
        {
            throw new CodexException(reason);
        }

        // codex and its commands may be diagnosed.
        Environment.SetEnvironmentVariable(DiagnosticsPort.Variable, null);

        // Before the process is private, because then it cannot check its own environment any more.
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
