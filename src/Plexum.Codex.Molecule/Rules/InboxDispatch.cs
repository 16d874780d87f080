using System.Security.Cryptography;
using System.Text;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>Decides which conversation a message belongs to, and which messages get no answer.</summary>
public static class InboxDispatch
{
    /// <summary>Assigns a message to its conversation. Only ids that the platform vouches for count, never names.</summary>
    /// <param name="message">The message.</param>
    /// <param name="workspaceId">The workspace of the inbox.</param>
    /// <param name="drained">Why it gets no answer; null if it gets one.</param>
    public static InboxArrival Of(InboundMessage message, string workspaceId, out string? drained)
    {
        ArgumentNullException.ThrowIfNull(message);
        var arrival = string.IsNullOrWhiteSpace(message.ArrivalWorkspaceId) ? workspaceId : message.ArrivalWorkspaceId;
        var text = string.IsNullOrWhiteSpace(message.Text) ? A2aText.Nothing : message.Text;
        drained = ReasonToDrain(message, arrival);
        InboxChat? chat =
            drained is not null ? null
            : message.Kind == InboundKinds.CanvasUser ? new InboxChat(CanvasConversation(arrival), "", arrival, text)
            : new InboxChat(PeerConversation(message.PeerId, arrival), message.PeerId, arrival, text);
        return new InboxArrival(message.ActivityId, chat);
    }

    /// <summary>The agent of the conversation with a workspace's canvas user: <c>canvas-&lt;workspace&gt;</c>.</summary>
    public static AgentId CanvasConversation(string workspaceId) => Name("canvas", workspaceId, workspaceId);

    /// <summary>
    /// The agent of the conversation with a peer: <c>peer-&lt;peer&gt;-&lt;hash of the workspace&gt;</c>. The hash separates a peer's
    /// conversations with different workspaces.
    /// </summary>
    public static AgentId PeerConversation(string peerId, string workspaceId) =>
        Name("peer", $"{peerId}-{Hash(workspaceId, 16)}", peerId + "\0" + workspaceId);

    private static string? ReasonToDrain(InboundMessage message, string arrival) =>
        message.Kind switch
        {
            InboundKinds.CanvasUser => null,
            InboundKinds.PeerAgent when string.IsNullOrWhiteSpace(message.PeerId) => "it comes from a peer but has no peer id",
            InboundKinds.PeerAgent when message.PeerId == arrival => "it comes from this workspace itself",
            InboundKinds.PeerAgent => null,
            InboundKinds.DelegationResult => "it is the result of a delegation",
            _ => "its kind is unknown",
        };

    // An id that would make an invalid name is hashed as a whole. Such a name has a dot instead of the first dash, so it cannot collide.
    private static AgentId Name(string kind, string rest, string whole) =>
        AgentId.TryParse($"{kind}-{rest}", out var id) ? id : AgentId.Parse($"{kind}.{Hash(whole, 32)}");

    private static string Hash(string text, int digits) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits];
}
