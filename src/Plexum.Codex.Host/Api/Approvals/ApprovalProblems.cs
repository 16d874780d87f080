using Plexum.Codex.Approvals;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Api.Approvals;

/// <summary>Why an answer was not taken.</summary>
internal static class ApprovalProblems
{
    /// <summary>A process of a turn answers.</summary>
    public static Problem OfTurn { get; } =
        new(
            403,
            "caller_refused",
            "A turn must not answer",
            "This process belongs to a turn, and what codex started must not answer codex's questions, also with api.turns-may-call = on."
        );

    public static Problem Unknown(TurnId turn, string id) =>
        new(
            404,
            "unknown_approval",
            "No such question",
            $"The turn {turn} does not ask \"{id}\"; GET /v1/approvals lists the questions that wait for an answer."
        );

    /// <summary>Nobody waits for an answer.</summary>
    public static Problem NotRunning(TurnId turn) =>
        new(
            409,
            "turn_not_running",
            "The turn does not run",
            $"codex does not work on the turn {turn}: it waits, is ending or has ended. Nobody waits for the answer."
        );

    /// <summary>Why an answer that could be read was not taken.</summary>
    public static Problem Of(ApprovalReceipt receipt, TurnId turn, ApprovalId id) =>
        receipt.Outcome switch
        {
            ApprovalOutcome.AnsweredBefore => new Problem(
                409,
                "approval_answered",
                "The question was answered before",
                $"The question {id} of the turn {turn} needs no answer any more: {receipt.Decision?.ToWireName()}, by {receipt.By}. "
                    + "The first answer counts."
            ),
            ApprovalOutcome.WordsMissing => new Problem(
                422,
                "approval_answers_missing",
                "The answer lacks words",
                $"The answer to {id} was not taken: {receipt.Why} Add answers, an object with the answer to each question of the model by "
                    + "its id, or with the fields of the form; or decline."
            ),
            ApprovalOutcome.Unfit => new Problem(
                422,
                "approval_answers_invalid",
                "The answer does not fit the question",
                $"The answer to {id} was not taken: {receipt.Why}"
            ),
            ApprovalOutcome.NotShown => new Problem(
                422,
                "approval_not_shown",
                "The question cannot be shown in whole",
                $"What {id} asks is too long to be shown, or codex did not say all of it, so it can only be declined. To have it done, "
                    + "submit a turn whose approvals do not ask about it."
            ),
            ApprovalOutcome.NotRunning => NotRunning(turn),
            _ => Unknown(turn, id.Value),
        };
}
