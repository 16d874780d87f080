namespace Plexum.Codex.Molecule.Platform;

/// <summary>Which workspace of the molecule platform is answered, and over which transport.</summary>
public sealed record MoleculeSettings
{
    /// <summary>Whether the daemon answers it.</summary>
    public bool Enabled { get; init; }

    /// <summary>The transport to the platform.</summary>
    public MoleculeTransport Transport { get; init; }

    /// <summary>The workspace; empty to use <c>WORKSPACE_ID</c>.</summary>
    public string WorkspaceId { get; init; } = "";

    /// <summary>The platform's URL; empty to use <c>PLATFORM_URL</c>.</summary>
    public string PlatformUrl { get; init; } = "";

    /// <summary>The file with the token; empty to use the environment variables or the systemd credential.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>The host to which the token may be sent over <c>http://</c>; empty for none but this machine.</summary>
    public string UnencryptedHost { get; init; } = "";

    /// <summary>How often the direct transport polls for new messages.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The name or path of <c>molecule-mcp</c>.</summary>
    public string McpProgram { get; init; } = "molecule-mcp";
}

/// <summary>A transport to the molecule platform.</summary>
public enum MoleculeTransport
{
    /// <summary>Its HTTP interface.</summary>
    Direct,

    /// <summary>Its program <c>molecule-mcp</c>, over stdio.</summary>
    Mcp,
}
