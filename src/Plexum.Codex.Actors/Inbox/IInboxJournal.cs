using System.Collections.Immutable;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>
/// What is known of one workspace's messages across the program's death. A message is open (received, then answered: its reply is
/// kept), done (the reply was accepted, or there is none to give) or dead. What is done or dead is acknowledged to the platform apart
/// from that. Everything is durable when its task completes. Safe for any thread.
/// </summary>
/// <remarks>Each operation fails with a <see cref="LedgerUnavailableException"/> where the file cannot be read or written.</remarks>
public interface IInboxJournal
{
    /// <summary>
    /// Takes messages in. One that is known stays as it is; if it was acknowledged, it is to be acknowledged once more, since the platform
    /// has handed it out again.
    /// </summary>
    /// <returns>The threads that have new messages.</returns>
    Task<ImmutableArray<AgentId>> ReceiveAsync(ImmutableArray<InboxArrival> arrivals, DateTimeOffset at);

    /// <summary>The threads with open messages.</summary>
    Task<ImmutableArray<AgentId>> OpenThreadsAsync();

    /// <summary>The oldest open message of a thread, or null.</summary>
    Task<InboxEntry?> FindNextAsync(AgentId thread);

    /// <summary>What was done in a thread lately.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="limit">How many answers at most, the newest.</param>
    Task<InboxHistory> FindHistoryAsync(AgentId thread, int limit);

    /// <summary>Keeps the reply to a message; from then on codex is not run for it any more.</summary>
    Task KeepReplyAsync(string activityId, string reply, DateTimeOffset at);

    /// <summary>Notes that the reply was accepted. Kept and tried again for as long as it cannot be written.</summary>
    Task DeliveredAsync(string activityId, DateTimeOffset at);

    /// <summary>Notes that an attempt to send the reply failed.</summary>
    Task FailedAsync(string activityId, string problem, DateTimeOffset at);

    /// <summary>Puts a message among the dead letters.</summary>
    Task GiveUpAsync(string activityId, string problem, DateTimeOffset at);

    /// <summary>Messages that are done or dead and not acknowledged, by number.</summary>
    /// <param name="after">The <see cref="InboxNumber.Number"/> of the last one of the page before, or 0.</param>
    /// <param name="limit">How many at most.</param>
    Task<ImmutableArray<InboxNumber>> FindUnacknowledgedAsync(long after, int limit);

    /// <summary>Notes that messages were acknowledged. One that was handed out once more since it was found stays to be acknowledged.</summary>
    Task AcknowledgedAsync(IReadOnlyCollection<InboxNumber> numbers);

    /// <summary>How many messages there are.</summary>
    Task<InboxCounts> CountAsync();

    /// <summary>The dead letters, oldest first.</summary>
    /// <param name="after">The <see cref="DeadLetter.Number"/> of the last one of the page before, or 0.</param>
    /// <param name="limit">How many at most.</param>
    Task<ImmutableArray<DeadLetter>> FindDeadLettersAsync(long after, int limit);

    /// <summary>
    /// Opens dead letters again: the kept reply is sent, or, where there is none, codex is run. The guard against endless exchanges lets
    /// them pass.
    /// </summary>
    /// <param name="activityId">Which one; null for all.</param>
    /// <param name="at">When.</param>
    /// <returns>How many there were, and their threads.</returns>
    Task<(int Count, ImmutableArray<AgentId> Threads)> RequeueAsync(string? activityId, DateTimeOffset at);

    /// <summary>Forgets messages that are done or dead, and acknowledged.</summary>
    /// <param name="before">Only those that came to their end earlier.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>How many were forgotten.</returns>
    Task<int> ForgetAsync(DateTimeOffset before, int limit);
}
