using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>A message as it is taken in.</summary>
/// <param name="ActivityId">The platform's id.</param>
/// <param name="Chat">Where it belongs; null for one that gets no answer.</param>
public sealed record InboxArrival(string ActivityId, InboxChat? Chat);

/// <summary>Whom a message is from and what it says.</summary>
/// <param name="Thread">The agent of its chat thread.</param>
/// <param name="PeerId">The peer that gets the reply; empty for the canvas user.</param>
/// <param name="WorkspaceId">The workspace at which it arrived.</param>
/// <param name="Text">The text for codex.</param>
public sealed record InboxChat(AgentId Thread, string PeerId, string WorkspaceId, string Text)
{
    /// <summary>Whether it is from the canvas user.</summary>
    public bool IsFromUser => PeerId.Length == 0;

    /// <summary>Without the text, which is not for logs.</summary>
    public override string ToString() => $"InboxChat({Thread}, {Text.Length} characters)";
}

/// <summary>An open message.</summary>
/// <param name="ActivityId">The platform's id.</param>
/// <param name="Chat">Whom it is from and what it says.</param>
/// <param name="Reply">The reply that is to be sent; null while codex has not answered.</param>
/// <param name="Attempts">How often sending it has failed.</param>
/// <param name="IsUnguarded">Whether somebody has asked for its answer, whatever the guard says.</param>
/// <param name="ReceivedAt">When it was taken in.</param>
public sealed record InboxEntry(
    string ActivityId, InboxChat Chat, string? Reply, int Attempts, bool IsUnguarded, DateTimeOffset ReceivedAt)
{
    /// <summary>Without the texts, which are not for logs.</summary>
    public override string ToString() => $"InboxEntry({ActivityId}, {(Reply is null ? "received" : "answered")})";
}

/// <summary>A message by its place in the journal.</summary>
/// <param name="Number">The place.</param>
/// <param name="ActivityId">The platform's id.</param>
/// <param name="Handed">How often the platform has handed it out.</param>
public readonly record struct InboxNumber(long Number, string ActivityId, long Handed);

/// <summary>A message that was answered.</summary>
/// <param name="ReceivedAt">When it was taken in.</param>
/// <param name="AnsweredAt">When its reply was accepted.</param>
public readonly record struct InboxExchange(DateTimeOffset ReceivedAt, DateTimeOffset AnsweredAt);

/// <summary>What was done in a thread lately.</summary>
/// <param name="Answered">The answered messages, the newest first.</param>
/// <param name="UserSpokeAt">When the last message of a canvas user was taken in, in whatever thread; null for never.</param>
public sealed record InboxHistory(ImmutableArray<InboxExchange> Answered, DateTimeOffset? UserSpokeAt);

/// <summary>How many messages there are in each state.</summary>
/// <param name="Received">They wait for codex, or codex is at them.</param>
/// <param name="Answered">Their replies are kept and not accepted yet.</param>
/// <param name="Dead">They are dead letters.</param>
/// <param name="Unacknowledged">They are done or dead, and the platform has not been told.</param>
public sealed record InboxCounts(long Received, long Answered, long Dead, long Unacknowledged);

/// <summary>A message that was given up.</summary>
/// <param name="Number">Its place in the journal.</param>
/// <param name="ActivityId">The platform's id.</param>
/// <param name="Thread">The agent of its chat thread.</param>
/// <param name="PeerId">The peer; empty for the canvas user.</param>
/// <param name="HasReply">Whether there is a reply that could be sent; otherwise codex was not run, or is run again.</param>
/// <param name="Attempts">How often sending it has failed.</param>
/// <param name="Problem">Why it was given up.</param>
/// <param name="ReceivedAt">When it was taken in.</param>
/// <param name="GivenUpAt">When it was given up.</param>
public sealed record DeadLetter(
    long Number, string ActivityId, AgentId Thread, string PeerId, bool HasReply, int Attempts, string Problem,
    DateTimeOffset ReceivedAt, DateTimeOffset GivenUpAt);
