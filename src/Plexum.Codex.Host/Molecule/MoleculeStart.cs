using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Processes;
using Plexum.Codex.Sandboxing;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Molecule;

/// <summary>What a daemon needs to answer a workspace.</summary>
/// <param name="Settings">The settings, which hide the platform's variables from codex.</param>
/// <param name="Connection">The workspace.</param>
internal sealed record MoleculeStart(ProgramSettings Settings, MoleculeConnection Connection)
{
    /// <summary>Whether the daemon only answers the workspace, so it exits if the platform refuses it.</summary>
    public bool EndsWhenRefused { get; init; }

    /// <summary>Checks the settings, reads the connection, and removes its variables from this process's environment.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="secrecyProblem">Why the platform's token can be read in this process's environment, as a sentence; else null.</param>
    /// <exception cref="ConfigurationProblemsException">Something is missing, invalid or unsafe.</exception>
    public static MoleculeStart Prepare(ProgramSettings settings, string? secrecyProblem)
    {
        var connection = Check(settings, secrecyProblem);
        MoleculeConnection.Hide();
        var environment = settings.Exec.Environment;
        var removed = environment.Removed.And(MoleculeConnection.Private);
        return new MoleculeStart(
            settings with
            {
                Exec = settings.Exec with { Environment = environment with { Removed = removed } },
                Confined = connection.Token.File is { } file
                    ? settings.Confined with
                    {
                        Own = settings.Confined.Own.Add(file),
                    }
                    : settings.Confined,
            },
            connection
        );
    }

    /// <summary>Checks all that can be checked without the platform, and reads the connection. It changes nothing.</summary>
    /// <inheritdoc cref="Prepare"/>
    public static MoleculeConnection Check(ProgramSettings settings, string? secrecyProblem) =>
        MoleculeConnection.Read(
            settings.Molecule,
            Environment.GetEnvironmentVariables(),
            StrangerRule.WhyNot(settings.Inbox, ExtraArguments.FindLoosening(settings.Exec.ExtraArgs)),
            secrecyProblem
        );

    /// <summary>A line for the start of the log; never contains the token.</summary>
    /// <exception cref="CodexUnavailableException">There is no codex.</exception>
    public async Task<string> DescribeAsync()
    {
        var codex = await FindCodexAsync().ConfigureAwait(false);
        var foundAs = codex.FoundAs == codex.Path ? "" : $" (found as {codex.FoundAs})";
        var transport = Settings.Molecule.Transport.ToString().ToLowerInvariant();
        return $"codex {codex.Version} at {codex.Path}{foundAs}; workspace {Connection.WorkspaceId}; platform {Connection.PlatformHost}; "
            + $"transport {transport}; sandbox {Settings.Inbox.Sandbox.ToWireName()}; state directory {Settings.Profile.Root}";
    }

    private async Task<CodexBinary> FindCodexAsync()
    {
        try
        {
            var source = new CodexBinarySource(Settings.Binary, Environment.GetEnvironmentVariable("PATH"));
            return await source.FindAsync().ConfigureAwait(false);
        }
        catch (CodexUnavailableException e) when (e.IsMissing)
        {
            throw new CodexUnavailableException(
                $"codex binary not found on PATH (looked for '{Settings.Binary}'). "
                    + "Install with `npm install -g @openai/codex` or pass --codex-bin /path/to/codex.",
                e
            );
        }
    }
}
