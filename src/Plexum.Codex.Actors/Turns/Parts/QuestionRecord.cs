using System.Collections.Immutable;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;

namespace Plexum.Codex.Turns.Parts;

/// <summary>
/// Writes a turn's questions and answers: into the ledger first, which knows their deadlines, then into the turn's log, which has each of
/// them once. A turn whose questions the ledger cannot keep goes on; they are answered while this process lives. File work.
/// </summary>
/// <param name="turn">The turn.</param>
internal sealed class QuestionRecord(IQuestionedTurn turn)
{
    /// <summary>Writes a question.</summary>
    /// <returns>What is on record; of a question that is asked again, with its first deadline, and its answer if it has one.</returns>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public async Task<PendingApproval> AskAsync(PendingApproval asked)
    {
        var kept = asked;
        try
        {
            kept = await turn.Book.AskAsync(asked).ConfigureAwait(false);
        }
        catch (LedgerUnavailableException e)
        {
            turn.Warn(asked.Question.Id, e.Message);
        }

        return await TellAsync(kept).ConfigureAwait(false);
    }

    /// <summary>Tells a question that is not to be kept.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public Task<PendingApproval> TellAsync(PendingApproval asked)
    {
        turn.Append([new CanonicalEvent.ApprovalRequest(asked.Question, asked.ExpiresAt)]);
        return Task.FromResult(asked);
    }

    /// <summary>Writes an answer.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public async Task<ApprovalId> AnswerAsync(ApprovalQuestion question, ApprovalAnswer answer, string by)
    {
        try
        {
            await turn.Book.AnswerAsync(turn.TurnId, question.Id, answer, by).ConfigureAwait(false);
        }
        catch (LedgerUnavailableException e)
        {
            turn.Warn(question.Id, e.Message);
        }

        var told = new CanonicalEvent.ApprovalAnswer(question.Id, answer.Decision, by);
        turn.Append(by == ApprovalAnswerers.Deadline ? [told, Expired(question)] : [told]);
        return question.Id;
    }

    /// <summary>Writes that questions need no answer any more, and forgets all of the turn's.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    public Task<QuestionsClosed> CloseAsync(ImmutableArray<ApprovalId> open)
    {
        turn.Book.Close(turn.TurnId);
        turn.Append([.. open.Select(id => new CanonicalEvent.ApprovalAnswer(id, ApprovalDecision.Decline, ApprovalAnswerers.Turn))]);
        return Task.FromResult(new QuestionsClosed());
    }

    private static CanonicalEvent.Notice Expired(ApprovalQuestion question) =>
        new(
            NoticeCodes.ApprovalExpired,
            $"Nobody answered the question {question.Id} of codex ({question.Kind.ToWireName()}) in time, so it was declined. Raise "
                + "approvals.timeout or the turn's own time limit if answers take longer."
        );
}
