using System.Globalization;
using Plexum.Codex.Gateway;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Inbox;

/// <summary>
/// What is sent for a turn: codex's last message, as <c>codex exec</c> prints it to its stdout, or a sentence about what went wrong. Such
/// a sentence is made here and has nothing of codex's own words, which may contain paths and keys.
/// </summary>
internal static class TurnReply
{
    /// <summary>The reply to a message that is nothing for codex.</summary>
    public static string Of(TurnRefusal refusal) => refusal.Reason switch
    {
        TurnRefusalReason.PromptTooLong => string.Create(
            CultureInfo.InvariantCulture, $"(codex was not asked: the message is longer than the {Prompt.MaxCharacters} characters that it takes)"),
        TurnRefusalReason.WorkspaceRequired or TurnRefusalReason.WorkspaceNotAbsolute or TurnRefusalReason.WorkspaceNotWritable =>
            Failed(TurnErrorClass.Workspace, null),
        _ => $"(codex was not asked: {refusal.Code})",
    };

    /// <summary>The reply to a message whose turn has ended.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="settings">The time it had, and what stands for no text.</param>
    public static string Of(FinishedTurn turn, InboxSettings settings) => turn.StopReason switch
    {
        StopReason.EndTurn when turn.LastText?.Trim() is { Length: > 0 } text => text,
        StopReason.EndTurn when !turn.IsLogWhole => "(codex has answered, and its answer is lost)",
        StopReason.EndTurn => settings.Placeholder,
        StopReason.Timeout => string.Create(CultureInfo.InvariantCulture, $"(codex exec timed out after {settings.TurnTimeout.TotalSeconds:0}s)"),
        StopReason.Cancelled => "(codex was stopped before it had answered)",
        _ => Failed(turn.Error?.Class ?? TurnErrorClass.Host, turn.Error?.ResetsAt),
    };

    private static string Failed(TurnErrorClass error, DateTimeOffset? resetsAt)
    {
        var until = resetsAt is { } time ? time.ToString("'; it comes back at 'yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) : "";
        return $"(codex failed with {error.ToWireName()}: {Explain(error)}{until})";
    }

    private static string Explain(TurnErrorClass error) => error switch
    {
        TurnErrorClass.Spawn => "it could not be started",
        TurnErrorClass.Process => "it ended without an explanation",
        TurnErrorClass.Authentication => "its account is not logged in",
        TurnErrorClass.UsageLimit => "its account's allowance is used up",
        TurnErrorClass.RateLimit => "it was asked too much at once",
        TurnErrorClass.ContextWindow => "this chat no longer fits into the model's context",
        TurnErrorClass.Request => "the model's server refused the request",
        TurnErrorClass.ModelServer => "the model's server failed",
        TurnErrorClass.Network => "the model's server could not be reached",
        TurnErrorClass.Session => "this chat's thread could not be gone on with",
        TurnErrorClass.Workspace => "this chat's workspace cannot be used",
        TurnErrorClass.Tool => "one of its tools failed",
        TurnErrorClass.Timeout => "it took too long",
        _ => "the program around it failed",
    };
}
