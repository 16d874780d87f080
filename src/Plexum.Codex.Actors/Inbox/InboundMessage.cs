namespace Plexum.Codex.Inbox;

/// <summary>One message of a workspace's inbox, with the fields of the platform's <c>wait_for_message</c>.</summary>
/// <param name="ActivityId">The row's id, which no other message has. It says nothing about order.</param>
/// <param name="Kind">What it is: <c>canvas_user</c>, <c>peer_agent</c>, <c>delegation_result</c> or something newer.</param>
/// <param name="PeerId">The workspace that sent it; empty where the canvas user did.</param>
/// <param name="Text">The text for the agent.</param>
/// <param name="Method">The platform's method, as <c>message/send</c>; empty where it was not told.</param>
/// <param name="ArrivalWorkspaceId">The workspace at which it arrived; null where the platform serves only one.</param>
public sealed record InboundMessage(
    string ActivityId, string Kind, string PeerId, string Text, string Method = "", string? ArrivalWorkspaceId = null)
{
    /// <summary>Without the text, which is not for logs.</summary>
    public override string ToString() => $"InboundMessage({ActivityId}, {Kind}, {Text.Length} characters)";
}
