using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Client.Documents;

/// <summary>The status of the molecule inbox. Unknown values are omitted.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="Platform">The platform's host.</param>
/// <param name="Transport">The transport to the platform.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Received">How many messages are waiting for codex or being processed.</param>
/// <param name="Answered">How many replies the platform has not accepted yet.</param>
/// <param name="DeadLetters">How many dead letters there are.</param>
/// <param name="Unacknowledged">How many finished messages are not acknowledged to the platform yet.</param>
/// <param name="OpenConversations">How many conversations have work to do.</param>
/// <param name="LastError">The last error.</param>
/// <param name="LastErrorAt">When the last error occurred.</param>
/// <param name="LastPolledAt">When the platform last responded.</param>
public sealed record MoleculeDocument(
    string WorkspaceId,
    string Platform,
    string Transport,
    InboxPhase State,
    long Received,
    long Answered,
    long DeadLetters,
    long Unacknowledged,
    [property: JsonPropertyName("active_threads")] int OpenConversations,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    DateTimeOffset? LastPolledAt
);

/// <summary>A message that was given up on.</summary>
/// <param name="Number">Its number; newer dead letters have larger ones.</param>
/// <param name="ActivityId">The platform's id of the message.</param>
/// <param name="AgentId">The agent of its conversation.</param>
/// <param name="PeerId">The peer that sent it; empty for the canvas user.</param>
/// <param name="HasReply">Whether codex's reply is kept.</param>
/// <param name="Attempts">How many attempts to deliver the reply failed.</param>
/// <param name="Problem">Why it was given up on.</param>
/// <param name="ReceivedAt">When it arrived.</param>
/// <param name="GivenUpAt">When it was given up on.</param>
public sealed record DeadLetterDocument(
    long Number,
    string ActivityId,
    string AgentId,
    string PeerId,
    bool HasReply,
    int Attempts,
    string Problem,
    DateTimeOffset ReceivedAt,
    DateTimeOffset GivenUpAt
)
{
    /// <summary>The document of a dead letter.</summary>
    public static DeadLetterDocument Of(DeadLetter letter) =>
        new(
            letter.Number,
            letter.ActivityId,
            letter.Conversation.Value,
            letter.PeerId,
            letter.HasReply,
            letter.Attempts,
            letter.Problem,
            letter.ReceivedAt,
            letter.GivenUpAt
        );
}

/// <summary>A page of dead letters, oldest first.</summary>
/// <param name="DeadLetters">The dead letters.</param>
/// <param name="Next">The value of <c>after</c> for the next page; null on the last one.</param>
public sealed record DeadLettersDocument(ImmutableArray<DeadLetterDocument> DeadLetters, long? Next = null);

/// <summary>The response to a requeue request.</summary>
/// <param name="Count">How many messages were requeued.</param>
public sealed record RequeuedDocument(int Count);
