namespace Plexum.Codex.Approvals;

/// <summary>What became of an answer.</summary>
/// <param name="Outcome">The outcome.</param>
public sealed record ApprovalReceipt(ApprovalOutcome Outcome)
{
    /// <summary>What was decided, now or before; null if nothing was.</summary>
    public ApprovalDecision? Decision { get; init; }

    /// <summary>Who decided; one of <see cref="ApprovalAnswerers"/>. Null for nobody.</summary>
    public string? By { get; init; }

    /// <summary>What is wrong with the answer, as the end of a sentence; null if nothing is.</summary>
    public string? Why { get; init; }
}

/// <summary>The outcome of an answer to a question of codex.</summary>
public enum ApprovalOutcome
{
    /// <summary>It is on record, and codex gets it.</summary>
    Taken,

    /// <summary>The question was answered before, or needed no answer any more.</summary>
    AnsweredBefore,

    /// <summary>The turn does not ask this.</summary>
    NotAsked,

    /// <summary>Words are asked for, and the answer lacks some.</summary>
    WordsMissing,

    /// <summary>The answer does not fit the question.</summary>
    Unfit,

    /// <summary>What is asked cannot be shown in whole, so nobody can say yes to it.</summary>
    NotShown,

    /// <summary>Codex does not work on the turn any more: it is ending or has ended.</summary>
    NotRunning,

    /// <summary>The turn's agent does not work on it: it waits, another process runs it, or it is still being recovered.</summary>
    NotAtHand,
}
