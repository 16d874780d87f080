using Plexum.Codex.Events;
using Plexum.Codex.Requests;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Backend;

/// <summary>The failures that every backend, and the turn itself, report in the same words.</summary>
public static class BackendFailure
{
    /// <summary>The failure that an exception means for the turn.</summary>
    public static TurnFailure Of(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return cause switch
        {
            TurnRefusedException { Refusal: { Reason: TurnRefusalReason.WorkspaceGone } gone } => new TurnFailure(
                gone.Code,
                cause.Message,
                TurnErrorClass.Workspace,
                Retryable: true
            ),
            TurnRefusedException refused => new TurnFailure(refused.Refusal.Code, cause.Message, TurnErrorClass.Request, Retryable: false),
            ThreadOwnedException => new TurnFailure("thread_not_owned", cause.Message, TurnErrorClass.Session, Retryable: true),
            ThreadRecordException => new TurnFailure("thread_not_recorded", cause.Message, TurnErrorClass.Session, Retryable: false),
            CodexException => new TurnFailure("workspace_unusable", cause.Message, TurnErrorClass.Workspace, Retryable: false),
            _ => new TurnFailure("host_failure", $"The turn could not be run: {cause.Message}", TurnErrorClass.Internal, Retryable: true),
        };
    }

    /// <summary>The turn's events could not be written, so codex must not continue work that would go unrecorded.</summary>
    public static TurnFailure LogUnwritable(string reason) =>
        new(
            "log_unwritable",
            $"The turn was stopped because its events could not be written: {reason} Check the profile's free space and permissions.",
            TurnErrorClass.Internal,
            Retryable: true
        );

    /// <summary>Codex finished the turn, but what it said last could not be written.</summary>
    public static TurnFailure EndUnwritable(string reason) =>
        new(
            "log_unwritable",
            $"Codex finished the turn, but the end of its events could not be written: {reason} What it did is done. Check the profile's "
                + "free space and permissions; then ask for the answer again.",
            TurnErrorClass.Internal,
            Retryable: false
        );

    /// <summary>The failure of a turn about which something could not be recorded.</summary>
    public static TurnFailure NotRecorded(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return cause is CodexException ? Of(cause) : LogUnwritable(cause.Message);
    }

    /// <summary>Codex printed more than a turn may, as one that repeats itself without end does.</summary>
    public static TurnFailure OutputTooLarge() =>
        new(
            "output_too_large",
            "Codex was stopped because its output in this turn exceeded turns.max-output. Ask for less in one turn, or raise the limit.",
            TurnErrorClass.Process,
            Retryable: false
        );

    /// <summary>
    /// Codex finished the turn, but a part of its output could not be read that was probably its last message, and its own record does not
    /// have the message either.
    /// </summary>
    public static TurnFailure AnswerMissing() =>
        new(
            ErrorCodes.AnswerMissing,
            "codex finished the turn, but its last message could not be read, neither from its output nor from its own record. "
                + "What it did is done; ask it for the answer again.",
            TurnErrorClass.Process,
            Retryable: false
        );

    /// <summary>A failure of this program; another attempt may succeed.</summary>
    public static TurnFailure Internal(string what) =>
        new("host_failure", $"{what} See the program's log for details.", TurnErrorClass.Internal, Retryable: true);

    /// <summary>The actor that ran the turn failed.</summary>
    public static TurnFailure RunLost() =>
        new(
            "host_failure",
            "plexum-codex failed while codex was running; codex was stopped. See the program's log for details.",
            TurnErrorClass.Internal,
            Retryable: false
        );

    /// <summary>The notice that the host's tools are unavailable.</summary>
    public static CanonicalEvent.Notice ToolsUnavailable(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return new CanonicalEvent.Notice(
            NoticeCodes.ToolsUnavailable,
            $"The host's tools are unavailable in this turn: {reason.TrimEnd('.')}. Codex continues with its own."
        );
    }
}
