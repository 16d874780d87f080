using Akka.Event;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>How often, and when, a reply that could not be delivered is sent again. It belongs to the actor of one conversation.</summary>
internal sealed class ReplyAttempts(InboxServices services, AgentId agent, ILoggingAdapter log)
{
    /// <summary>Decides what follows a failed attempt, and logs it.</summary>
    /// <param name="entry">The message, as it was before the attempt.</param>
    /// <param name="cause">Why the attempt failed.</param>
    /// <returns>How long to wait before the next attempt; null if there is none.</returns>
    public TimeSpan? PauseAfter(InboxEntry entry, Exception cause)
    {
        var attempts = entry.Attempts + 1;
        if (attempts == 1)
        {
            log.Warning(
                "molecule: reply to message {MessageId} was not delivered and will be retried conversation={Conversation}: {Error}",
                entry.ActivityId,
                agent,
                cause.Message
            );
        }
        else
        {
            log.Debug(
                "molecule: reply to message {MessageId} was not delivered, attempt {Attempts} conversation={Conversation}: {Error}",
                entry.ActivityId,
                attempts,
                agent,
                cause.Message
            );
        }

        return cause is DeliveryRefusedException || attempts >= services.Settings.ReplyAttempts
            ? null
            : BackOff.Of(services.Settings, attempts, services.Random(), (cause as PlatformUnavailableException)?.RetryAfter);
    }
}
