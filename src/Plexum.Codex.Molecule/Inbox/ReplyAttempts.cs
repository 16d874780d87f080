using Akka.Event;
using Plexum.Codex.Inbox;
using Plexum.Codex.Molecule.Platform;
using Plexum.Codex.Molecule.Rules;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Inbox;

/// <summary>How often, and when, a reply that could not be delivered is sent again. It belongs to the actor of one thread.</summary>
internal sealed class ReplyAttempts(InboxEnvironment environment, AgentId thread, ILoggingAdapter log)
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
                "molecule: reply to message {MessageId} was not delivered and will be retried thread={Thread}: {Error}",
                entry.ActivityId, thread, cause.Message);
        }
        else
        {
            log.Debug(
                "molecule: reply to message {MessageId} was not delivered, attempt {Attempts} thread={Thread}: {Error}",
                entry.ActivityId, attempts, thread, cause.Message);
        }

        return cause is DeliveryRefusedException || attempts >= environment.Settings.ReplyAttempts
            ? null
            : BackOff.Of(environment.Settings, attempts, environment.Random(), (cause as PlatformUnavailableException)?.RetryAfter);
    }
}
