namespace Plexum.Codex.Molecule.Platform;

/// <summary>The platform's kinds of messages.</summary>
public static class InboundKinds
{
    /// <summary>From the user of the workspace's canvas.</summary>
    public const string CanvasUser = "canvas_user";

    /// <summary>From another workspace.</summary>
    public const string PeerAgent = "peer_agent";

    /// <summary>The result of a task that this workspace delegated; it is never answered.</summary>
    public const string DelegationResult = "delegation_result";

    /// <summary>The kind of an activity row, according to the platform's rule.</summary>
    /// <param name="peerId">The sending workspace; empty for the canvas user.</param>
    /// <param name="method">The row's method.</param>
    public static string Of(string? peerId, string? method) =>
        method == "delegate_result" ? DelegationResult
        : string.IsNullOrEmpty(peerId) ? CanvasUser
        : PeerAgent;
}
