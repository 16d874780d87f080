using System.Text.Json;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Molecule.Mcp;

/// <summary>Reads a message object of <c>wait_for_message</c>.</summary>
internal static class InboundMessageJson
{
    /// <summary>The message; null where it has no id or is no object.</summary>
    public static InboundMessage? Read(JsonElement row) => row.TextOf("activity_id") is { Length: > 0 } id
        ? new InboundMessage(
            id, row.TextOf("kind"), row.TextOf("peer_id"), row.TextOf("text"), row.TextOf("method"),
            row.TextOf("arrival_workspace_id") is { Length: > 0 } arrival ? arrival : null)
        : null;
}
