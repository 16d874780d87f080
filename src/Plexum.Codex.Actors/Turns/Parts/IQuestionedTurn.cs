using System.Collections.Immutable;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;

namespace Plexum.Codex.Turns.Parts;

/// <summary>A turn, as its questions see it.</summary>
internal interface IQuestionedTurn
{
    TurnId TurnId { get; }

    AgentId AgentId { get; }

    /// <summary>Whether there is somebody who may be expected to answer.</summary>
    bool HasAnswerer { get; }

    /// <summary>Keeps the questions.</summary>
    IApprovalBook Book { get; }

    DateTimeOffset Now { get; }

    /// <summary>How long a question that is asked now may wait.</summary>
    TimeSpan TimeToAnswer { get; }

    /// <summary>Runs file work outside the actor, after all earlier work.</summary>
    Task<T> Do<T>(Func<Task<T>> work);

    /// <summary>Writes events into the log, if there is one. File work.</summary>
    /// <exception cref="IOException">The log cannot be written.</exception>
    void Append(ImmutableArray<CanonicalEvent> events);

    /// <summary>Notes in the program's log that a question is not on record. May be called from any thread.</summary>
    void Warn(ApprovalId question, string problem);
}
