namespace Plexum.Codex.Molecule.Platform;

/// <summary>One message of a workspace's inbox, with the fields of the platform's <c>wait_for_message</c>.</summary>
/// <param name="ActivityId">The row's unique id. It says nothing about order.</param>
/// <param name="Kind">The kind: <c>canvas_user</c>, <c>peer_agent</c>, <c>delegation_result</c> or a newer one.</param>
/// <param name="PeerId">The workspace that sent it; empty for the canvas user.</param>
/// <param name="Text">The text for the agent.</param>
/// <param name="Method">The platform's method, such as <c>message/send</c>; empty if unknown.</param>
/// <param name="ArrivalWorkspaceId">The workspace at which it arrived; null if only one is served.</param>
public sealed record InboundMessage(
    string ActivityId,
    string Kind,
    string PeerId,
    string Text,
    string Method = "",
    string? ArrivalWorkspaceId = null
)
{
    /// <summary>Omits the text, which must not be logged.</summary>
    public override string ToString() => $"InboundMessage({ActivityId}, {Kind}, {Text.Length} characters)";
}
