using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Molecule.Direct;
using Plexum.Codex.Molecule.Direct.Http;
using Plexum.Codex.Molecule.Mcp;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Posix;
using Serilog;
using Serilog.Extensions.Logging;

namespace Plexum.Codex.Host.Molecule;

/// <summary>Creates the transport that the settings select. Its state is kept in the profile.</summary>
internal static class MoleculeTransports
{
    /// <exception cref="CodexException">A prerequisite of the transport is missing.</exception>
    public static IMoleculePlatform Make(ProgramSettings settings, MoleculeConnection connection) =>
        settings.Molecule.Transport switch
        {
            MoleculeTransport.Mcp => new McpTransport(
                new MoleculeMcpProgram(
                    MoleculeMcpProgram.Find(settings.Molecule.McpProgram, Environment.GetEnvironmentVariable("PATH")),
                    DirectoryOf(settings, connection, "mcp"),
                    connection.Variables,
                    connection.Token.Read
                ),
                TimeProvider.System
            ),
            _ => MakeDirect(settings, connection),
        };

    private static DirectTransport MakeDirect(ProgramSettings settings, MoleculeConnection connection)
    {
        var directory = DirectoryOf(settings, connection, "direct");
        if (WritableDirectory.WhyNot(directory) is { } reason)
        {
            throw new CodexException($"The directory {directory}, which stores the inbox cursor, cannot be used: {reason}");
        }

        var options = new DirectOptions
        {
            PlatformUrl = connection.PlatformUrl,
            WorkspaceId = connection.WorkspaceId,
            Token = connection.Token,
            StateDirectory = directory,
            OrganisationId = connection.Variables.GetValueOrDefault("MOLECULE_ORG_ID"),
            PollInterval = settings.Molecule.PollInterval,
        };
        options = connection.Variables.GetValueOrDefault("MOLECULE_AGENT_NAME") is { Length: > 0 } name
            ? options with
            {
                AgentName = name,
            }
            : options;
        options = connection.Variables.GetValueOrDefault("MOLECULE_AGENT_DESCRIPTION") is { Length: > 0 } description
            ? options with
            {
                AgentDescription = description,
            }
            : options;
        return new DirectTransport(options, TimeProvider.System, new SerilogLoggerFactory(Log.Logger).CreateLogger("molecule"));
    }

    // Each workspace has its own cursor.
    private static string DirectoryOf(ProgramSettings settings, MoleculeConnection connection, string transport) =>
        Path.Combine(settings.Profile.Root, "molecule-state", transport, connection.WorkspaceId);
}
