using System.Globalization;

namespace Plexum.Codex.Inbox;

/// <summary>
/// What keeps two agents from answering each other for ever. A reply to a peer is a new message to it, so two programs that answer
/// everything never stop by themselves. Decides from times alone, all of which are in the journal.
/// </summary>
internal static class PeerGuard
{
    /// <summary>How much of a thread's history is looked at.</summary>
    public const int History = 1000;

    /// <summary>Whether a peer's message may be answered now.</summary>
    /// <param name="receivedAt">When it was taken in.</param>
    /// <param name="now">The time.</param>
    /// <param name="history">What was answered before.</param>
    /// <param name="settings">The budgets.</param>
    public static GuardVerdict Judge(DateTimeOffset receivedAt, DateTimeOffset now, InboxHistory history, InboxSettings settings)
    {
        var exchanges = CountExchanges(receivedAt, history, settings);
        if (exchanges > settings.PeerExchanges)
        {
            return new GuardVerdict.Stop(string.Create(
                CultureInfo.InvariantCulture,
                $"the peer and this workspace have answered each other {exchanges} times without a pause or a word of the canvas user; requeue it if that is wanted, or raise molecule.peer-exchanges"));
        }

        var recent = history.Answered.Where(answer => answer.AnsweredAt > now - settings.PeerWindow && answer.AnsweredAt <= now).ToList();
        return recent.Count < settings.PeerReplies
            ? GuardVerdict.Pass.Instance
            : new GuardVerdict.Wait(recent[settings.PeerReplies - 1].AnsweredAt + settings.PeerWindow - now);
    }

    // A message that came before the reply to the one before it is no answer to that: it is one of several sent at once.
    private static int CountExchanges(DateTimeOffset receivedAt, InboxHistory history, InboxSettings settings)
    {
        var (count, received) = (0, receivedAt);
        foreach (var (earlier, answered) in history.Answered)
        {
            if (received - answered > settings.PeerPause || answered < history.UserSpokeAt)
            {
                break;
            }

            count += received > answered ? 1 : 0;
            received = earlier;
        }

        return count;
    }
}

/// <summary>What becomes of a peer's message: <see cref="Pass"/>, <see cref="Wait"/> or <see cref="Stop"/>.</summary>
internal abstract record GuardVerdict
{
    private GuardVerdict() { }

    /// <summary>It is answered.</summary>
    public sealed record Pass : GuardVerdict
    {
        public static Pass Instance { get; } = new();
    }

    /// <summary>It is answered later.</summary>
    /// <param name="Time">When.</param>
    public sealed record Wait(TimeSpan Time) : GuardVerdict;

    /// <summary>It is not answered.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Stop(string Reason) : GuardVerdict;
}
