using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>
/// The durable record of one workspace's messages. A message is open (received, then answered once its reply is recorded), done (the
/// reply was accepted, or none is due) or dead. Whether a done or dead message has been acknowledged to the platform is recorded
/// separately. Every change is durable when its task completes. Thread-safe.
/// </summary>
/// <remarks>Each operation fails with a <see cref="LedgerUnavailableException"/> if the file cannot be read or written.</remarks>
public interface IInboxJournal
{
    /// <summary>
    /// Records messages. A known one keeps its state, but must be acknowledged again, since the platform has delivered it again.
    /// </summary>
    /// <returns>The conversations with new messages.</returns>
    Task<ImmutableArray<AgentId>> ReceiveAsync(ImmutableArray<InboxArrival> arrivals, DateTimeOffset at);

    /// <summary>The conversations with open messages.</summary>
    Task<ImmutableArray<AgentId>> OpenConversationsAsync();

    /// <summary>The oldest open message of a conversation, or null.</summary>
    Task<InboxEntry?> FindNextAsync(AgentId conversation);

    /// <summary>The recent exchanges of a conversation.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="limit">The maximum number of answers; the newest are returned.</param>
    Task<InboxHistory> FindHistoryAsync(AgentId conversation, int limit);

    /// <summary>Records the reply to a message. Codex does not run for it again.</summary>
    Task KeepReplyAsync(string activityId, string reply, DateTimeOffset at);

    /// <summary>Records that the reply was accepted. A write that fails is retried until it succeeds.</summary>
    Task DeliveredAsync(string activityId, DateTimeOffset at);

    /// <summary>Records a failed attempt to send the reply.</summary>
    Task FailedAsync(string activityId, string problem, DateTimeOffset at);

    /// <summary>Makes a message a dead letter.</summary>
    Task GiveUpAsync(string activityId, string problem, DateTimeOffset at);

    /// <summary>The messages that are done or dead but not acknowledged, ordered by number.</summary>
    /// <param name="after">The last <see cref="InboxNumber.Number"/> of the previous page, or 0.</param>
    /// <param name="limit">The maximum number of messages.</param>
    Task<ImmutableArray<InboxNumber>> FindUnacknowledgedAsync(long after, int limit);

    /// <summary>Records acknowledgements. A message that was delivered again since it was found must still be acknowledged.</summary>
    Task AcknowledgedAsync(IReadOnlyCollection<InboxNumber> numbers);

    /// <summary>The number of messages in each state.</summary>
    Task<InboxCounts> CountAsync();

    /// <summary>The dead letters, oldest first.</summary>
    /// <param name="after">The last <see cref="DeadLetter.Number"/> of the previous page, or 0.</param>
    /// <param name="limit">The maximum number of dead letters.</param>
    Task<ImmutableArray<DeadLetter>> FindDeadLettersAsync(long after, int limit);

    /// <summary>
    /// Reopens dead letters: the recorded reply is sent, or codex runs if there is none. The loop guard does not apply to them.
    /// </summary>
    /// <param name="activityId">The dead letter; null for all.</param>
    /// <param name="at">The current time.</param>
    /// <returns>The number of reopened dead letters, and their conversations.</returns>
    Task<(int Count, ImmutableArray<AgentId> Conversations)> RequeueAsync(string? activityId, DateTimeOffset at);

    /// <summary>Deletes acknowledged messages that are done or dead.</summary>
    /// <param name="before">Only messages that reached that state earlier than this are deleted.</param>
    /// <param name="limit">The maximum number of messages.</param>
    /// <returns>The number of deleted messages.</returns>
    Task<int> ForgetAsync(DateTimeOffset before, int limit);
}
