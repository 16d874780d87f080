using System.Collections.Immutable;

namespace Plexum.Codex.Inbox;

/// <summary>All that crosses the border of <see cref="InboxActor"/>.</summary>
public static class InboxProtocol
{
    /// <summary>Answers one question or command.</summary>
    public interface IReply;

    /// <summary>Asks for <see cref="InboxStatus"/>, or <see cref="JournalFailed"/>.</summary>
    public sealed record GetStatus
    {
        /// <summary>The only one there is.</summary>
        public static GetStatus Instance { get; } = new();
    }

    /// <summary>The inbox as it is now.</summary>
    /// <param name="WorkspaceId">The workspace.</param>
    /// <param name="Phase">What it is doing.</param>
    /// <param name="Counts">How many messages there are.</param>
    /// <param name="ActiveThreads">How many chat threads have something to do.</param>
    /// <param name="LastError">What the platform or the journal last complained of; null for nothing.</param>
    /// <param name="LastErrorAt">When that was.</param>
    /// <param name="LastPolledAt">When the platform last answered; null for never.</param>
    public sealed record InboxStatus(
        string WorkspaceId, InboxPhase Phase, InboxCounts Counts, int ActiveThreads,
        string? LastError, DateTimeOffset? LastErrorAt, DateTimeOffset? LastPolledAt) : IReply;

    /// <summary>Asks for <see cref="DeadLettersFound"/>, or <see cref="JournalFailed"/>.</summary>
    /// <param name="After">The number of the last one of the page before, or 0.</param>
    /// <param name="Limit">How many at most.</param>
    public sealed record GetDeadLetters(long After = 0, int Limit = 50);

    /// <summary>Dead letters, oldest first.</summary>
    /// <param name="Letters">The dead letters, oldest first.</param>
    public sealed record DeadLettersFound(ImmutableArray<DeadLetter> Letters) : IReply;

    /// <summary>Opens dead letters again. The answer is <see cref="Requeued"/> or <see cref="JournalFailed"/>.</summary>
    /// <param name="ActivityId">Which one; null for all.</param>
    public sealed record Requeue(string? ActivityId);

    /// <summary>Dead letters are open again.</summary>
    /// <param name="Count">How many; 0 where there was no such one.</param>
    public sealed record Requeued(int Count) : IReply;

    /// <summary>
    /// The program is about to stop: no reply is begun any more. The answer is <see cref="Closed"/>, once those that are under way have
    /// ended; broken off, some of them would have to be sent twice.
    /// </summary>
    public sealed record Close
    {
        /// <summary>The only one there is.</summary>
        public static Close Instance { get; } = new();
    }

    /// <summary>No reply is under way.</summary>
    public sealed record Closed : IReply
    {
        /// <summary>The only one there is.</summary>
        public static Closed Instance { get; } = new();
    }

    /// <summary>The journal could not be read or written; nothing was done.</summary>
    /// <param name="Problem">Why, and what to do.</param>
    public sealed record JournalFailed(string Problem) : IReply;

    /// <summary>On the event stream: the platform refuses the workspace. Nothing is asked of it any more until the program is started anew.</summary>
    /// <param name="WorkspaceId">The workspace.</param>
    /// <param name="Problem">What it said.</param>
    public sealed record WorkspaceRefused(string WorkspaceId, string Problem);
}
