using Plexum.Codex.Agents;
using Plexum.Codex.Approvals;

namespace Plexum.Codex.Gateway.Answers;

/// <summary>
/// An answer to a question that is on record and that codex has not asked again since the program started. It is put on record, and the
/// turn gives it once codex asks.
/// </summary>
/// <param name="book">The questions on record.</param>
/// <param name="time">The clock of deadlines.</param>
/// <param name="command">The answer.</param>
internal sealed class EarlyAnswer(IApprovalBook book, TimeProvider time, AgentProtocol.AnswerApproval command)
{
    /// <summary>Puts the answer on record.</summary>
    /// <param name="pass">Hands it to the turn.</param>
    /// <returns>What became of it; null if no such question waits.</returns>
    public async Task<ApprovalReceipt?> KeepAsync(Func<Task<ApprovalReceipt>> pass)
    {
        var (turn, id, answer) = (command.TurnId, command.Id, command.Answer);
        var waiting = await book.PendingAsync(turn).ConfigureAwait(false);
        if (waiting.FirstOrDefault(asked => asked.Question.Id == id) is not { } open || open.ExpiresAt <= time.GetUtcNow())
        {
            return null;
        }

        if (AnswerCheck.WhyNot(open.Question, answer) is { } unfit)
        {
            return unfit;
        }

        if (await book.AnswerAsync(turn, id, answer, command.By).ConfigureAwait(false) is not { } kept)
        {
            return null;
        }

        if (kept.Answer != answer || kept.AnsweredBy != command.By)
        {
            return new ApprovalReceipt(ApprovalOutcome.AnsweredBefore) { Decision = kept.Answer?.Decision, By = kept.AnsweredBy };
        }

        // Codex may have asked between the two looks, and the turn would not look into the record again.
        var again = await pass().ConfigureAwait(false);
        return again.Outcome == ApprovalOutcome.AnsweredBefore && !IsOurs(again)
            ? again
            : new ApprovalReceipt(ApprovalOutcome.Taken) { Decision = answer.Decision, By = command.By };
    }

    private bool IsOurs(ApprovalReceipt receipt) => receipt.Decision == command.Answer.Decision && receipt.By == command.By;
}
