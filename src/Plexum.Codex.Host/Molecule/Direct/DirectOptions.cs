namespace Plexum.Codex.Host.Molecule.Direct;

/// <summary>What the direct way to the platform has to know.</summary>
public sealed record DirectOptions
{
    /// <summary>The platform's address, <c>PLATFORM_URL</c>.</summary>
    public required Uri PlatformUrl { get; init; }

    /// <summary>The workspace's id, <c>WORKSPACE_ID</c>.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The workspace's token.</summary>
    public required MoleculeToken Token { get; init; }

    /// <summary>An existing directory for the owner alone.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The organisation, <c>MOLECULE_ORG_ID</c>; only some platforms want it.</summary>
    public string? OrganisationId { get; init; }

    /// <summary>The name that peers see.</summary>
    public string AgentName { get; init; } = "codex";

    /// <summary>What peers are told about it; may be empty.</summary>
    public string AgentDescription { get; init; } = "";

    /// <summary>How long after a poll the next one comes. The platform has no poll that waits.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long after a heartbeat the next one comes. Without one for 90 seconds peers are told that the workspace is gone.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How far back a first start looks for messages, and one whose cursor the platform has forgotten.</summary>
    public TimeSpan FirstWindow { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>How long the first pause is while nothing works; see <see cref="PlatformBreaker"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many rows are asked for at once; the platform gives 500 at most.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>The longest answer that is read, in bytes.</summary>
    public int MaxAnswer { get; init; } = 64 << 20;

    /// <summary>How long the platform may take for an answer of its own.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a peer may take that answers while the platform waits; then the message counts as delivered.</summary>
    public TimeSpan PeerLimit { get; init; } = TimeSpan.FromSeconds(240);
}
