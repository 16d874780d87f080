namespace Plexum.Codex.Host.Configuration;

/// <summary>Which workspace of the molecule platform is answered, and by which way.</summary>
public sealed record MoleculeSettings
{
    /// <summary>Whether the daemon answers it.</summary>
    public bool Enabled { get; init; }

    /// <summary>The way to the platform.</summary>
    public MoleculeTransport Transport { get; init; }

    /// <summary>The workspace; empty for what <c>WORKSPACE_ID</c> says.</summary>
    public string WorkspaceId { get; init; } = "";

    /// <summary>The platform's address; empty for what <c>PLATFORM_URL</c> says.</summary>
    public string PlatformUrl { get; init; } = "";

    /// <summary>The file with the token; empty for what the environment says.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>How often the direct way asks for new messages.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The name or path of <c>molecule-mcp</c>.</summary>
    public string McpProgram { get; init; } = "molecule-mcp";
}

/// <summary>A way to the molecule platform.</summary>
public enum MoleculeTransport
{
    /// <summary>Its HTTP interface.</summary>
    Direct,

    /// <summary>Its program <c>molecule-mcp</c>, over stdio.</summary>
    Mcp,
}
