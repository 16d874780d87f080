using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>A message as it arrives.</summary>
/// <param name="ActivityId">The platform's id.</param>
/// <param name="Chat">Its sender, conversation and text; null if it gets no answer.</param>
public sealed record InboxArrival(string ActivityId, InboxChat? Chat);

/// <summary>A message's sender, conversation and text.</summary>
/// <param name="Conversation">The agent of its conversation.</param>
/// <param name="PeerId">The peer that gets the reply; empty for the canvas user.</param>
/// <param name="WorkspaceId">The workspace at which it arrived.</param>
/// <param name="Text">The text for codex.</param>
public sealed record InboxChat(AgentId Conversation, string PeerId, string WorkspaceId, string Text)
{
    /// <summary>Whether it is from the canvas user.</summary>
    public bool IsFromUser => PeerId.Length == 0;

    /// <summary>Omits the text, which must not be logged.</summary>
    public override string ToString() => $"InboxChat({Conversation}, {Text.Length} characters)";
}

/// <summary>An open message.</summary>
/// <param name="ActivityId">The platform's id.</param>
/// <param name="Chat">Its sender, conversation and text.</param>
/// <param name="Reply">The reply to send; null until codex has answered.</param>
/// <param name="Attempts">The number of failed attempts to send the reply.</param>
/// <param name="IsUnguarded">Whether it was requeued by hand, so that the loop guard does not apply.</param>
/// <param name="ReceivedAt">When it was received.</param>
public sealed record InboxEntry(string ActivityId, InboxChat Chat, string? Reply, int Attempts, bool IsUnguarded, DateTimeOffset ReceivedAt)
{
    /// <summary>Omits the texts, which must not be logged.</summary>
    public override string ToString() => $"InboxEntry({ActivityId}, {(Reply is null ? "received" : "answered")})";
}

/// <summary>A message's position in the journal.</summary>
/// <param name="Number">The position.</param>
/// <param name="ActivityId">The platform's id.</param>
/// <param name="Handed">How often the platform has delivered it again.</param>
public readonly record struct InboxNumber(long Number, string ActivityId, long Handed);

/// <summary>An answered message.</summary>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="AnsweredAt">When its reply was accepted.</param>
public readonly record struct InboxExchange(DateTimeOffset ReceivedAt, DateTimeOffset AnsweredAt);

/// <summary>The recent exchanges of a conversation.</summary>
/// <param name="Answered">The answered messages, newest first.</param>
/// <param name="UserSpokeAt">When a canvas user last wrote, in any conversation; null if never.</param>
public sealed record InboxHistory(ImmutableArray<InboxExchange> Answered, DateTimeOffset? UserSpokeAt);

/// <summary>The number of messages in each state.</summary>
/// <param name="Received">Messages that wait for codex, or that codex is working on.</param>
/// <param name="Answered">Messages whose reply is recorded but not accepted yet.</param>
/// <param name="Dead">Dead letters.</param>
/// <param name="Unacknowledged">Messages that are done or dead but not acknowledged.</param>
public sealed record InboxCounts(long Received, long Answered, long Dead, long Unacknowledged);

/// <summary>A message that will not be answered unless it is requeued.</summary>
/// <param name="Number">Its position in the journal.</param>
/// <param name="ActivityId">The platform's id.</param>
/// <param name="Conversation">The agent of its conversation.</param>
/// <param name="PeerId">The peer; empty for the canvas user.</param>
/// <param name="HasReply">Whether a reply is recorded; if not, requeueing it runs codex.</param>
/// <param name="Attempts">The number of failed attempts to send the reply.</param>
/// <param name="Problem">Why it was given up.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="GivenUpAt">When it was given up.</param>
public sealed record DeadLetter(
    long Number,
    string ActivityId,
    AgentId Conversation,
    string PeerId,
    bool HasReply,
    int Attempts,
    string Problem,
    DateTimeOffset ReceivedAt,
    DateTimeOffset GivenUpAt
);
