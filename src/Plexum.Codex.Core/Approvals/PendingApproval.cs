using Plexum.Codex.Turns;

namespace Plexum.Codex.Approvals;

/// <summary>A question of codex as it is on record.</summary>
/// <param name="TurnId">The turn that waits.</param>
/// <param name="AgentId">Its agent.</param>
/// <param name="Question">The question.</param>
/// <param name="AskedAt">When it was asked first.</param>
/// <param name="ExpiresAt">When it is declined if nobody has answered.</param>
public sealed record PendingApproval(
    TurnId TurnId,
    AgentId AgentId,
    ApprovalQuestion Question,
    DateTimeOffset AskedAt,
    DateTimeOffset ExpiresAt
)
{
    /// <summary>The answer; null if it waits for one.</summary>
    public ApprovalAnswer? Answer { get; init; }

    /// <summary>Who has answered; one of <see cref="ApprovalAnswerers"/>. Null if it waits.</summary>
    public string? AnsweredBy { get; init; }
}

/// <summary>Who answers questions, as written in events.</summary>
public static class ApprovalAnswerers
{
    /// <summary>The daemon's owner, over its socket or with the owner's own token.</summary>
    public const string Owner = "owner";

    /// <summary>The person at the terminal of a <c>say</c> that runs the turn itself.</summary>
    public const string Terminal = "terminal";

    /// <summary>Nobody before the deadline.</summary>
    public const string Deadline = "deadline";

    /// <summary>The approval policy <c>never</c>, or that the turn answers a message of an inbox: nobody is asked.</summary>
    public const string Policy = "policy";

    /// <summary>The turn, which ended or no longer needs the answer.</summary>
    public const string Turn = "turn";

    /// <summary>The holder of a token.</summary>
    /// <param name="token">Its name.</param>
    public static string OfToken(string token) => $"token:{token}";
}
