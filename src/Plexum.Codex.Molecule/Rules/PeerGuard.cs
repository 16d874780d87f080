using System.Globalization;
using Plexum.Codex.Inbox;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>
/// The loop guard. A reply to a peer is a new message to it, so two agents that answer everything would never stop. It decides only by
/// the times in the journal, so a restart changes nothing.
/// </summary>
internal static class PeerGuard
{
    /// <summary>How many answers of a conversation are considered.</summary>
    public const int History = 1000;

    /// <summary>Decides whether a peer's message may be answered now.</summary>
    /// <param name="receivedAt">When it was received.</param>
    /// <param name="now">The current time.</param>
    /// <param name="history">The conversation's recent exchanges.</param>
    /// <param name="settings">The limits.</param>
    public static GuardVerdict Judge(DateTimeOffset receivedAt, DateTimeOffset now, InboxHistory history, InboxSettings settings)
    {
        var exchanges = CountExchanges(receivedAt, history, settings);
        if (exchanges > settings.PeerExchanges)
        {
            return new GuardVerdict.Stop(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the peer and this workspace have answered each other {exchanges} times without a pause or a message from the canvas "
                        + $"user; requeue it to answer anyway, or raise molecule.peer-exchanges"
                )
            );
        }

        var recent = history.Answered.Where(answer => answer.AnsweredAt > now - settings.PeerWindow && answer.AnsweredAt <= now).ToList();
        return recent.Count < settings.PeerReplies
            ? GuardVerdict.Pass.Instance
            : new GuardVerdict.Wait(recent[settings.PeerReplies - 1].AnsweredAt + settings.PeerWindow - now);
    }

    // A message received before the previous one was answered is not a response to that answer, so it does not count.
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

/// <summary>The verdict on a peer's message: <see cref="Pass"/>, <see cref="Wait"/> or <see cref="Stop"/>.</summary>
internal abstract record GuardVerdict
{
    private GuardVerdict() { }

    /// <summary>It is answered now.</summary>
    public sealed record Pass : GuardVerdict
    {
        public static Pass Instance { get; } = new();
    }

    /// <summary>It is answered later.</summary>
    /// <param name="Time">How long to wait.</param>
    public sealed record Wait(TimeSpan Time) : GuardVerdict;

    /// <summary>It is not answered.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Stop(string Reason) : GuardVerdict;
}
