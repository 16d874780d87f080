using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Approvals;

/// <summary>The questions of codex that turns wait for, kept across restarts. Thread-safe.</summary>
/// <exception cref="Plexum.Codex.Ledger.LedgerUnavailableException">Of all members: it cannot be read or written.</exception>
public interface IApprovalBook
{
    /// <summary>Records a question. Once the task has completed, it survives a crash.</summary>
    /// <param name="asked">The question.</param>
    /// <returns>What is on record: of a question that is asked again, with its first deadline, and with its answer if it has one.</returns>
    Task<PendingApproval> AskAsync(PendingApproval asked);

    /// <summary>Records the answer to a question. The first one counts.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="id">The question.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="by">Who answers; one of <see cref="ApprovalAnswerers"/>.</param>
    /// <returns>What is on record then; null if the question is not.</returns>
    Task<PendingApproval?> AnswerAsync(TurnId turn, ApprovalId id, ApprovalAnswer answer, string by);

    /// <summary>The questions that wait for an answer, oldest first.</summary>
    /// <param name="turn">Only those of this turn; null for all.</param>
    Task<ImmutableArray<PendingApproval>> PendingAsync(TurnId? turn = null);

    /// <summary>Forgets the questions of a turn that has ended. It is written as soon as possible.</summary>
    void Close(TurnId turn);
}
