using Plexum.Codex.Molecule.Platform;

namespace Plexum.Codex.Molecule.Direct.Http;

/// <summary>The options of the direct transport.</summary>
public sealed record DirectOptions
{
    /// <summary>The platform's URL, <c>PLATFORM_URL</c>.</summary>
    public required Uri PlatformUrl { get; init; }

    /// <summary>The workspace's id, <c>WORKSPACE_ID</c>.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The workspace's token.</summary>
    public required MoleculeToken Token { get; init; }

    /// <summary>An existing directory that only the owner can access.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The organisation, <c>MOLECULE_ORG_ID</c>; only some platforms require it.</summary>
    public string? OrganisationId { get; init; }

    /// <summary>The name that peers see.</summary>
    public string AgentName { get; init; } = "codex";

    /// <summary>The description that peers see; may be empty.</summary>
    public string AgentDescription { get; init; } = "";

    /// <summary>The interval between polls. The platform has no long polling.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The interval between heartbeats. After 90 seconds without one, the platform reports the workspace as gone.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How far back messages are fetched on the first start, or if the platform no longer has the cursor's row.</summary>
    public TimeSpan FirstWindow { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>The first pause after a failure; see <see cref="PlatformBreaker"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The number of rows per request; the platform returns at most 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>The maximum size of an answer, in bytes.</summary>
    public int MaxAnswer { get; init; } = 64 << 20;

    /// <summary>The timeout for the platform's own answers.</summary>
    public TimeSpan AnswerLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a call to a peer waits for the peer's answer; then the message counts as delivered.</summary>
    public TimeSpan PeerLimit { get; init; } = TimeSpan.FromSeconds(240);
}
