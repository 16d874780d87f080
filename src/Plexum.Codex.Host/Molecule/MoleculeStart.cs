using System.Collections.Immutable;
using Plexum.Codex.Backend;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Host.Molecule;

/// <summary>What a daemon that answers a workspace has to know before it starts.</summary>
/// <param name="Settings">The settings; codex gets none of the platform's variables.</param>
/// <param name="Connection">The workspace.</param>
internal sealed record MoleculeStart(HostSettings Settings, MoleculeConnection Connection)
{
    /// <summary>Whether the daemon has nothing else to do, so that it ends when the platform refuses the workspace.</summary>
    public bool EndsWhenRefused { get; init; }

    /// <summary>Reads what names the workspace, and takes it out of this process's environment.</summary>
    /// <exception cref="ConfigurationProblemsException">Something is missing or wrong.</exception>
    public static MoleculeStart Prepare(HostSettings settings)
    {
        var connection = MoleculeConnection.Read(settings.Molecule, Environment.GetEnvironmentVariables());
        MoleculeConnection.Hide();
        var environment = settings.Exec.Environment;
        var removed = environment.Removed.Concat(MoleculeConnection.Private).Distinct(StringComparer.Ordinal).ToImmutableArray();
        return new MoleculeStart(
            settings with { Exec = settings.Exec with { Environment = environment with { Removed = removed } } }, connection);
    }

    /// <summary>A line for whoever looks at the start of the log: never the token.</summary>
    /// <exception cref="CodexUnavailableException">There is no codex.</exception>
    public async Task<string> DescribeAsync()
    {
        var codex = await FindCodexAsync().ConfigureAwait(false);
        return $"codex {codex.Version} at {codex.Path}{(codex.FoundAs == codex.Path ? "" : $" (found as {codex.FoundAs})")}; workspace {Connection.WorkspaceId}; platform {Connection.PlatformHost}; "
            + $"transport {Settings.Molecule.Transport.ToString().ToLowerInvariant()}; sandbox {Sandbox()}; state directory {Settings.Profile.Root}";
    }

    private async Task<CodexBinary> FindCodexAsync()
    {
        try
        {
            return await new CodexBinarySource(Settings.Binary, Environment.GetEnvironmentVariable("PATH")).FindAsync().ConfigureAwait(false);
        }
        catch (CodexUnavailableException e) when (e.IsMissing)
        {
            throw new CodexUnavailableException(
                $"codex binary not found on PATH (looked for '{Settings.Binary}'). Install with `npm install -g @openai/codex` or pass --codex-bin /path/to/codex.", e);
        }
    }

    private string Sandbox() => Settings.Agents.Sandbox switch
    {
        CodexSandbox.None => "none",
        CodexSandbox.ReadOnly => "read-only",
        _ => "workspace-write",
    };
}
