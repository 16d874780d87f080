using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Host.Secrecy;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Checks whether the molecule channel would start, without contacting the platform.</summary>
internal static class MoleculeCheck
{
    /// <summary>Checks it.</summary>
    /// <returns>Null if no workspace of the platform is configured.</returns>
    public static Finding? Run(ProgramSettings settings)
    {
        if (!settings.Molecule.Enabled && !MoleculeConnection.IsConfigured(settings.Molecule, Environment.GetEnvironmentVariables()))
        {
            return null;
        }

        try
        {
            var connection = MoleculeStart.Check(settings, DaemonSecrecy.ClearVariables());
            return new Finding(
                $"The molecule channel can start: workspace {connection.WorkspaceId} of {connection.PlatformHost}, "
                    + $"sandbox {settings.Inbox.Sandbox.ToWireName()}."
            );
        }
        catch (ConfigurationProblemsException e)
        {
            return new Finding("The molecule channel would not start.", string.Join('\n', e.Problems));
        }
    }
}
