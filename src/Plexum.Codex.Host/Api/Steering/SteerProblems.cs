using Plexum.Codex.Backend;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Host.Owners;
using Plexum.Codex.Ledger;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Steering;

/// <summary>Why a text was not said to a turn, or may not have been.</summary>
internal static class SteerProblems
{
    public static Problem TooLong { get; } =
        new(
            422,
            "prompt_too_long",
            "The text is too long",
            FormattableString.Invariant($"codex accepts at most {Prompt.MaxCharacters} characters; ")
                + "put the long part into a file in the workspace and name the file."
        );

    // The same text, sent again, would be said twice.
    private static Problem Unknown { get; } =
        Problem.NoAnswer with
        {
            Detail =
                "It is not known whether codex took the text, so the model may see it; "
                + "look at the turn's events before you send it again, since it would be said twice.",
        };

    /// <summary>What stands in the way of a text that was not taken.</summary>
    /// <param name="answer">What became of it.</param>
    /// <param name="entry">The turn.</param>
    public static Problem Of(CodexBackendProtocol.SteerAnswered answer, TurnEntry entry) =>
        answer.Outcome switch
        {
            SteerOutcome.NotSupported => NotSupported(entry.TurnId),
            SteerOutcome.NotAllowed => OfOwner(entry.TurnId),
            SteerOutcome.Refused => Refused(entry.TurnId, answer.Reason),
            SteerOutcome.NotRunning => OfCommand(entry) ?? NotRunning(entry.TurnId),
            SteerOutcome.NotAtHand => OfCommand(entry) ?? Problem.StillRecovering(entry.TurnId),
            _ => Unknown,
        };

    public static Problem NotRunning(TurnId turn) =>
        new(
            409,
            "turn_not_running",
            "The turn does not run",
            $"codex does not work on the turn {turn}: it waits, is ending or has ended. The text was not said; "
                + "submit it as a turn of its own."
        );

    private static Problem? OfCommand(TurnEntry entry) =>
        CommandOwner.ProcessOf(entry.Owner) is { IsRunning: true } owner ? Problem.OfCommand(entry.TurnId, owner) : null;

    private static Problem NotSupported(TurnId turn) =>
        new(
            409,
            "steer_not_supported",
            "The turn takes no more text",
            $"The turn {turn} is run by codex exec, which takes no text while it runs. Ask for the backend app-server "
                + "with the next turn, or submit the text as a turn of its own."
        );

    private static Problem Refused(TurnId turn, string? reason) =>
        new(
            409,
            "steer_refused",
            "codex did not take the text",
            $"codex did not take the text for the turn {turn}, and nothing was said: {reason ?? "it gave no reason."}"
        );

    private static Problem OfOwner(TurnId turn) =>
        new(
            403,
            "turn_of_owner",
            "The turn is the owner's",
            $"The turn {turn} was submitted by the owner, or before the daemon's last start, and only the owner adds to it. A token "
                + "without the scope admin, and a process of a turn, add only to turns that were submitted so; submit the text as a turn "
                + "of its own."
        );
}
