using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Ownership;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Checks that no other user could change codex's home, as every command does that runs codex.</summary>
internal static class CodexHomeCheck
{
    public static Finding Run(ProgramSettings settings)
    {
        try
        {
            settings.CheckCodexHome();
            return new Finding(
                settings.ChecksOwners
                    ? $"Only this user can change codex's home {settings.Exec.CodexHome}."
                    : $"Who can change codex's home {settings.Exec.CodexHome} was not checked."
            );
        }
        catch (ExposedPathException e)
        {
            return new Finding(e.What, e.Remedy);
        }
    }
}
