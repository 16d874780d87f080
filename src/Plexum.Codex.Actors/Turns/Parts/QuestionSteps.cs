using Akka.Event;
using Plexum.Codex.Approvals;

namespace Plexum.Codex.Turns.Parts;

/// <summary>What the questions of a turn hear: somebody answers one, a step is done, or time is up.</summary>
internal interface IQuestionStep : IDeadLetterSuppression;

/// <summary>Answers a question. The sender gets an <see cref="ApprovalReceipt"/>.</summary>
/// <param name="Id">The question.</param>
/// <param name="Answer">The answer.</param>
/// <param name="By">Who answers; one of <see cref="ApprovalAnswerers"/>.</param>
internal sealed record AnswerQuestion(ApprovalId Id, ApprovalAnswer Answer, string By) : IQuestionStep;

/// <summary>A question is on record and told.</summary>
/// <param name="Approval">The question as it is on record.</param>
internal sealed record QuestionKept(PendingApproval Approval) : IQuestionStep;

/// <summary>An answer is on record and told.</summary>
/// <param name="Id">The question.</param>
internal sealed record AnswerKept(ApprovalId Id) : IQuestionStep;

/// <summary>Nobody has answered a question in time.</summary>
/// <param name="Id">The question.</param>
internal sealed record QuestionOverdue(ApprovalId Id) : IQuestionStep;

/// <summary>The turn has no questions any more.</summary>
internal sealed record QuestionsClosed : IQuestionStep;
