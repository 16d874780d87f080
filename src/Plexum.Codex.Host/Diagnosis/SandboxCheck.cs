using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Processes;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Diagnosis;

/// <summary>Tries whether codex can confine commands here, and looks for a configuration of the user's that the sandbox replaces.</summary>
internal static class SandboxCheck
{
    /// <summary>What the user's configuration says and turns do not keep to; null if there is no such thing.</summary>
    public static Finding? OfPermissions(ProgramSettings settings)
    {
        var sandbox = settings.Agents.Sandbox;
        try
        {
            return UserPermissions.Find(settings.Exec.CodexHome) is { } user && user.IsReplacedBy(sandbox)
                ? new Finding(
                    $"{user} does not hold in turns, because codex.sandbox is {sandbox.ToWireName()}. "
                        + "With codex.sandbox = inherit it would hold."
                )
                : null;
        }
        catch (CodexException e)
        {
            return new Finding("codex's configuration cannot be read.", e.Message);
        }
    }

    /// <summary>Whether confined commands work here; a problem only where a setting asks for them.</summary>
    public static async Task<Finding> OfConfinementAsync(ProgramSettings settings, CodexBinary binary)
    {
        var exec = settings.Exec;
        var preparation = new SandboxPreparation(settings.Confined, exec.CodexHome, exec.Environment, exec.ExtraArgs, TimeProvider.System);
        var workspace = Directory.CreateTempSubdirectory("plexum-codex-doctor-");
        try
        {
            await preparation.PrepareAsync(CodexSandbox.Confined, binary, workspace.FullName).ConfigureAwait(false);
            return new Finding("codex can confine commands here.");
        }
        catch (SandboxUnavailableException e)
        {
            return IsUsed(settings)
                ? new Finding("Commands are to be confined, and cannot be.", e.Message)
                : new Finding($"No setting asks for confined commands, and they would not work: {e.Message}");
        }
        finally
        {
            workspace.Delete(recursive: true);
        }
    }

    private static bool IsUsed(ProgramSettings settings) =>
        settings.Agents.Sandbox == CodexSandbox.Confined
        || (
            settings.Inbox.Sandbox == CodexSandbox.Confined
            && (settings.Molecule.Enabled || MoleculeConnection.IsConfigured(settings.Molecule, Environment.GetEnvironmentVariables()))
        );
}
