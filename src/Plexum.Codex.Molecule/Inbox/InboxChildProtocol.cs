using Akka.Event;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>All messages between <see cref="InboxActor"/> and its children, and between those.</summary>
internal static class InboxChildProtocol
{
    /// <summary>To <see cref="PollActor"/>: poll. The answer is <see cref="MessagesCame"/> or <see cref="PollFailed"/>.</summary>
    /// <param name="Number">Counts the polls; the answer has the same number.</param>
    /// <param name="After">How long to wait first.</param>
    public sealed record Poll(long Number, TimeSpan After);

    /// <summary>To <see cref="PollActor"/>: do not ask again. A poll that is under way still answers.</summary>
    public sealed record StopPolling
    {
        public static StopPolling Instance { get; } = new();
    }

    /// <summary>The platform handed out messages. It does not do so twice.</summary>
    /// <param name="Poll">The number of the poll.</param>
    /// <param name="Messages">The messages; none when there were none for as long as the poll may take.</param>
    /// <param name="Took">How long the platform took.</param>
    public sealed record MessagesCame(long Poll, IReadOnlyList<InboundMessage> Messages, TimeSpan Took) : IDeadLetterSuppression;

    /// <summary>A poll failed.</summary>
    /// <param name="Poll">The number of the poll.</param>
    /// <param name="Cause">Why.</param>
    public sealed record PollFailed(long Poll, Exception Cause) : IDeadLetterSuppression;

    /// <summary>To a conversation: there may be something to do.</summary>
    /// <param name="Number">Counts the wakes of this conversation.</param>
    public sealed record Wake(long Number) : IDeadLetterSuppression;

    /// <summary>To a conversation: its delivery was lost, so it should read the journal again.</summary>
    public sealed record LookAgain : IDeadLetterSuppression
    {
        public static LookAgain Instance { get; } = new();
    }

    /// <summary>A conversation has nothing to do.</summary>
    /// <param name="Agent">The agent of the conversation.</param>
    /// <param name="Wake">The number of the last wake it has seen.</param>
    public sealed record ConversationIdle(AgentId Agent, long Wake);

    /// <summary>A message is done or dead and can be acknowledged.</summary>
    public sealed record Settled
    {
        public static Settled Instance { get; } = new();
    }

    /// <summary>To <see cref="AcknowledgementActor"/>: there may be something to acknowledge.</summary>
    public sealed record Acknowledge
    {
        public static Acknowledge Instance { get; } = new();
    }

    /// <summary>
    /// To <see cref="DeliveryActor"/>: send a reply. The sender gets <see cref="Delivered"/> or <see cref="NotDelivered"/>, however late.
    /// </summary>
    /// <param name="Entry">The message.</param>
    /// <param name="Reply">Its reply.</param>
    public sealed record Deliver(InboxEntry Entry, string Reply)
    {
        /// <summary>Leaves the reply out: it does not belong in logs.</summary>
        public override string ToString() => $"Deliver({Entry.ActivityId})";
    }

    /// <summary>The platform took a reply, and the journal has noted it.</summary>
    /// <param name="ActivityId">The message.</param>
    public sealed record Delivered(string ActivityId) : IDeadLetterSuppression;

    /// <summary>The platform did not take a reply.</summary>
    /// <param name="ActivityId">The message.</param>
    /// <param name="Cause">Why.</param>
    public sealed record NotDelivered(string ActivityId, Exception Cause) : IDeadLetterSuppression;

    /// <summary><see cref="DeliveryActor"/> was restarted and has forgotten its orders.</summary>
    public sealed record DeliveriesLost
    {
        public static DeliveriesLost Instance { get; } = new();
    }

    /// <summary>The platform refused the workspace.</summary>
    /// <param name="Problem">What it said.</param>
    public sealed record PlatformRefusal(string Problem);

    /// <summary>A problem that the status should show.</summary>
    /// <param name="Problem">A sentence.</param>
    public sealed record Trouble(string Problem);
}
