using System.Globalization;
using Plexum.Codex.Events;
using Plexum.Codex.Gateway;
using Plexum.Codex.Options;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Molecule.Rules;

/// <summary>
/// The reply for a turn: codex's last message, which is what <c>codex exec</c> would print to stdout, or a sentence about what went wrong.
/// A
/// message after which codex only went on working is a commentary and no reply.
/// That sentence contains none of codex's own words, which could include paths and keys.
/// </summary>
internal static class TurnReply
{
    private const string AnswerLost = "(codex answered, but its answer was lost)";
    private const string NobodyToAsk = "(codex was not asked: it is to ask before it acts, and codex exec cannot)";

    // The same code, whether it is found out before the turn is accepted or when it begins.
    private static readonly string CannotAsk = TurnRefusal.ApprovalsUnsupported(ApprovalPolicy.OnRequest).Code;

    /// <summary>The reply to a message that codex cannot take.</summary>
    public static string Of(TurnRefusal refusal) =>
        refusal.Reason switch
        {
            TurnRefusalReason.PromptTooLong => string.Create(
                CultureInfo.InvariantCulture,
                $"(codex was not asked: the message is longer than the limit of {Prompt.MaxCharacters} characters)"
            ),
            TurnRefusalReason.WorkspaceRequired
            or TurnRefusalReason.WorkspaceNotAbsolute
            or TurnRefusalReason.WorkspaceNotWritable
            or TurnRefusalReason.WorkspaceGone
            or TurnRefusalReason.WorkspaceOfAnotherAgent
            or TurnRefusalReason.WorkspaceUnknown => Failed(TurnErrorClass.Workspace, null),
            TurnRefusalReason.ApprovalsUnsupported => NobodyToAsk,
            TurnRefusalReason.LoginMissing => Failed(TurnErrorClass.Authentication, null),
            _ => $"(codex was not asked: {refusal.Code})",
        };

    /// <summary>The reply to a message whose turn has ended.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="settings">The time limit and the placeholder.</param>
    public static string Of(FinishedTurn turn, InboxSettings settings) =>
        turn.StopReason switch
        {
            StopReason.EndTurn when turn.HasFinalMessage && turn.LastText?.Trim() is { Length: > 0 } text => text,
            StopReason.EndTurn when !turn.IsLogWhole => AnswerLost,
            StopReason.Error when turn.Error?.Code == ErrorCodes.AnswerMissing => AnswerLost,
            StopReason.EndTurn => settings.Placeholder,
            StopReason.Timeout => string.Create(
                CultureInfo.InvariantCulture,
                $"(codex timed out after {settings.TurnTimeout.TotalSeconds:0}s)"
            ),
            StopReason.Error when turn.Error?.Code == CannotAsk => NobodyToAsk,
            StopReason.Cancelled => "(codex was stopped before it answered)",
            _ => Failed(turn.Error?.Class ?? TurnErrorClass.Internal, turn.Error?.ResetsAt),
        };

    private static string Failed(TurnErrorClass error, DateTimeOffset? resetsAt)
    {
        var until = resetsAt is { } time ? time.ToString("'; it resets at 'yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "";
        return $"(codex failed with {error.ToWireName()}: {Explain(error)}{until})";
    }

    private static string Explain(TurnErrorClass error) =>
        error switch
        {
            TurnErrorClass.Spawn => "it could not be started",
            TurnErrorClass.Process => "it exited without an explanation",
            TurnErrorClass.Authentication => "its account is not logged in",
            TurnErrorClass.UsageLimit => "its account has reached its usage limit",
            TurnErrorClass.RateLimit => "it was rate-limited",
            TurnErrorClass.ContextWindow => "this chat no longer fits into the model's context window",
            TurnErrorClass.Request => "the model's server refused the request",
            TurnErrorClass.ModelServer => "the model's server failed",
            TurnErrorClass.Network => "the model's server could not be reached",
            TurnErrorClass.Session => "this chat's thread could not be resumed",
            TurnErrorClass.Workspace => "this chat's workspace cannot be used",
            TurnErrorClass.Tool => "one of its tools failed",
            TurnErrorClass.Timeout => "it took too long",
            _ => "plexum-codex itself failed",
        };
}
