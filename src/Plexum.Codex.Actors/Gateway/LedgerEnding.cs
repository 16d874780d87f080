using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Gateway;

/// <summary>
/// The end of a turn whose log has none, made from the ledger. It has the same numbers whenever it is made, so a reader that comes back
/// finds the ones it knows.
/// </summary>
internal static class LedgerEnding
{
    /// <summary>The events that complete a log: an error if the turn failed and the log has none, and a <c>message_end</c>.</summary>
    /// <param name="entry">What the ledger knows.</param>
    /// <param name="told">
    /// What was told of an end that the ledger does not have, if anything. An end that the ledger has is told in its words alone, so that
    /// every reader gets the same, also after a restart.
    /// </param>
    /// <param name="lastSeq">The number of the log's last event; 0 for none.</param>
    /// <param name="logHasError">Whether the log already has the error; a turn has one at most.</param>
    public static ImmutableArray<NumberedEvent> Of(TurnEntry entry, TurnNotice.Ended? told, long lastSeq, bool logHasError)
    {
        var reason = told?.StopReason ?? entry.StopReason ?? StopReason.Error;
        var error = logHasError ? null : ErrorOf(entry, told, reason);
        var end = new CanonicalEvent.MessageEnd(reason, entry.Usage, Usage.Zero, entry.ThreadId, DurationOf(entry));
        return error is null
            ? [new NumberedEvent(lastSeq + 1, end, entry.EndedAt)]
            : [new NumberedEvent(lastSeq + 1, error, entry.EndedAt), new NumberedEvent(lastSeq + 2, end, entry.EndedAt)];
    }

    private static CanonicalEvent.Error? ErrorOf(TurnEntry entry, TurnNotice.Ended? told, StopReason reason)
    {
        if (told?.Unrecorded is { } failure)
        {
            return failure.ToEvent();
        }

        if (entry.ErrorCode is { } code)
        {
            return new CanonicalEvent.Error(
                code,
                entry.ErrorMessage ?? "The turn failed.",
                entry.ErrorClass ?? TurnErrorClass.Internal,
                null,
                Retryable: false
            );
        }

        return reason is StopReason.Error or StopReason.Timeout
            ? new CanonicalEvent.Error(
                "events_lost",
                "The turn failed and its events could not be kept; see the program's log for details.",
                TurnErrorClass.Internal,
                null,
                Retryable: false
            )
            : null;
    }

    // The clock may have been set back in between.
    private static TimeSpan DurationOf(TurnEntry entry) =>
        entry.EndedAt - entry.StartedAt is { } duration && duration > TimeSpan.Zero ? duration : TimeSpan.Zero;
}
