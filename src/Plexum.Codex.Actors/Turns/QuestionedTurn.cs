using System.Collections.Immutable;
using Akka.Event;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Turns.Parts;

namespace Plexum.Codex.Turns;

/// <summary>A turn whose codex asks.</summary>
/// <param name="hold">The turn.</param>
internal sealed class QuestionedTurn(TurnHold hold) : IQuestionedTurn
{
    public TurnId TurnId => hold.Turn.TurnId;

    public AgentId AgentId => hold.Turn.AgentId;

    // Whoever wrote a message of an inbox is a stranger, and nobody else knows of the turn.
    public bool HasAnswerer => hold.ApprovalPolicy != ApprovalPolicy.Never && !hold.Turn.IsOfInbox;

    public IApprovalBook Book => hold.Services.ApprovalBook;

    public DateTimeOffset Now => hold.Services.Time.GetUtcNow();

    // At its own limit the turn is stopped, whether or not the answer is there.
    public TimeSpan TimeToAnswer
    {
        get
        {
            var services = hold.Services;
            var ofTurn = (hold.Turn.Request.Timeout ?? services.Timeout) - services.Time.GetElapsedTime(hold.StartedAt);
            return ofTurn < services.Approvals.Timeout ? ofTurn : services.Approvals.Timeout;
        }
    }

    public Task<T> Do<T>(Func<Task<T>> work) => hold.Do(work);

    public void Append(ImmutableArray<CanonicalEvent> events) => hold.Recorder?.Append(events);

    public void Warn(ApprovalId question, string problem) =>
        hold.Services.Log.Warning(
            "codex: question {Question} of turn {TurnId} is not in the ledger err={Error}",
            question,
            TurnId,
            problem
        );
}
