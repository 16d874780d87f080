using System.Collections.Immutable;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>The messages that <see cref="InboxActor"/> exchanges with others.</summary>
public static class InboxProtocol
{
    /// <summary>The reply to a query or command.</summary>
    public interface IReply;

    /// <summary>Queries the status. The reply is <see cref="InboxStatus"/> or <see cref="JournalFailed"/>.</summary>
    public sealed record GetStatus
    {
        /// <summary>The only instance.</summary>
        public static GetStatus Instance { get; } = new();
    }

    /// <summary>The current status of the inbox.</summary>
    /// <param name="WorkspaceId">The workspace.</param>
    /// <param name="Phase">What it is doing.</param>
    /// <param name="Counts">The number of messages in each state.</param>
    /// <param name="OpenConversations">The number of conversations with work to do.</param>
    /// <param name="LastError">The last error of the platform or the journal; null if there was none.</param>
    /// <param name="LastErrorAt">When that error occurred.</param>
    /// <param name="LastPolledAt">When the last poll succeeded; null if none did.</param>
    public sealed record InboxStatus(
        string WorkspaceId,
        InboxPhase Phase,
        InboxCounts Counts,
        int OpenConversations,
        string? LastError,
        DateTimeOffset? LastErrorAt,
        DateTimeOffset? LastPolledAt
    ) : IReply;

    /// <summary>Queries the dead letters. The reply is <see cref="DeadLettersFound"/> or <see cref="JournalFailed"/>.</summary>
    /// <param name="After">The last number of the previous page, or 0.</param>
    /// <param name="Limit">The maximum number of dead letters.</param>
    public sealed record GetDeadLetters(long After = 0, int Limit = 50);

    /// <summary>A page of dead letters.</summary>
    /// <param name="Letters">The dead letters, oldest first.</param>
    public sealed record DeadLettersFound(ImmutableArray<DeadLetter> Letters) : IReply;

    /// <summary>Requeues dead letters. The reply is <see cref="Requeued"/> or <see cref="JournalFailed"/>.</summary>
    /// <param name="ActivityId">The dead letter; null for all.</param>
    public sealed record Requeue(string? ActivityId);

    /// <summary>Dead letters were requeued.</summary>
    /// <param name="Count">How many; 0 if none matched.</param>
    public sealed record Requeued(int Count) : IReply;

    /// <summary>
    /// The program is about to stop, so no new replies are started. The reply is <see cref="Closed"/> once those in flight have ended;
    /// if they were aborted, some would have to be sent twice.
    /// </summary>
    public sealed record Close
    {
        /// <summary>The only instance.</summary>
        public static Close Instance { get; } = new();
    }

    /// <summary>No replies are in flight.</summary>
    public sealed record Closed : IReply
    {
        /// <summary>The only instance.</summary>
        public static Closed Instance { get; } = new();
    }

    /// <summary>The journal could not be read or written; nothing was changed.</summary>
    /// <param name="Problem">The cause and what to do.</param>
    public sealed record JournalFailed(string Problem) : IReply;

    /// <summary>On the event stream: the platform refuses the workspace. It is not called again until the program restarts.</summary>
    /// <param name="WorkspaceId">The workspace.</param>
    /// <param name="Problem">The platform's message.</param>
    public sealed record WorkspaceRefused(string WorkspaceId, string Problem);
}
