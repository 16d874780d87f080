using System.Collections.Immutable;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>How the inbox of a workspace of the molecule platform is. What there is nothing to say of is left out.</summary>
/// <param name="WorkspaceId">The workspace.</param>
/// <param name="Platform">The platform's host.</param>
/// <param name="Transport">The way to it.</param>
/// <param name="State">What it is doing.</param>
/// <param name="Received">How many messages wait for codex, or codex is at.</param>
/// <param name="Answered">How many replies were not taken yet.</param>
/// <param name="DeadLetters">How many messages were given up.</param>
/// <param name="Unacknowledged">How many messages the platform has still to be told of.</param>
/// <param name="ActiveThreads">How many chat threads have something to do.</param>
/// <param name="LastError">What went wrong last.</param>
/// <param name="LastErrorAt">When that was.</param>
/// <param name="LastPolledAt">When the platform last answered.</param>
public sealed record MoleculeDocument(
    string WorkspaceId,
    string Platform,
    string Transport,
    InboxPhase State,
    long Received,
    long Answered,
    long DeadLetters,
    long Unacknowledged,
    int ActiveThreads,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    DateTimeOffset? LastPolledAt);

/// <summary>A message that was given up.</summary>
/// <param name="Number">Its place among all; later ones have larger numbers.</param>
/// <param name="ActivityId">The platform's id of it.</param>
/// <param name="AgentId">The agent of its chat thread.</param>
/// <param name="PeerId">The peer that sent it; empty for the canvas user.</param>
/// <param name="HasReply">Whether codex's reply is kept.</param>
/// <param name="Attempts">How often sending it failed.</param>
/// <param name="Problem">Why it was given up.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="GivenUpAt">When it was given up.</param>
public sealed record DeadLetterDocument(
    long Number,
    string ActivityId,
    string AgentId,
    string PeerId,
    bool HasReply,
    int Attempts,
    string Problem,
    DateTimeOffset ReceivedAt,
    DateTimeOffset GivenUpAt)
{
    /// <summary>The document of a dead letter.</summary>
    public static DeadLetterDocument Of(DeadLetter letter) => new(
        letter.Number, letter.ActivityId, letter.Thread.Value, letter.PeerId, letter.HasReply, letter.Attempts, letter.Problem,
        letter.ReceivedAt, letter.GivenUpAt);
}

/// <summary>Dead letters, the oldest first.</summary>
/// <param name="DeadLetters">They.</param>
/// <param name="Next">What gets the next page as <c>after</c>; absent on the last one.</param>
public sealed record DeadLettersDocument(ImmutableArray<DeadLetterDocument> DeadLetters, long? Next = null);

/// <summary>What was opened again.</summary>
/// <param name="Count">How many messages.</param>
public sealed record RequeuedDocument(int Count);
