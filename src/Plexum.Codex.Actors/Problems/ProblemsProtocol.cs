using System.Collections.Immutable;
using Akka.Event;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Problems;

/// <summary>The messages of <see cref="ProblemsActor"/>.</summary>
public static class ProblemsProtocol
{
    /// <summary>A problem has begun, or stands in other words than before.</summary>
    /// <param name="Kind">Its kind.</param>
    /// <param name="Message">What is wrong with what, as a sentence.</param>
    public sealed record Begins(ProblemKind Kind, string Message) : IDeadLetterSuppression;

    /// <summary>A problem is over.</summary>
    /// <param name="Kind">Its kind.</param>
    public sealed record Ends(ProblemKind Kind) : IDeadLetterSuppression;

    /// <summary>Codex's own files say that no turn could reach the model, or no longer say so.</summary>
    /// <param name="Missing">What is missing and what to do, as a clause; null if nothing is.</param>
    public sealed record LoginSeen(string? Missing) : IDeadLetterSuppression;

    /// <summary>A turn was accepted and waits.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="AgentId">Its agent.</param>
    /// <param name="AcceptedAt">When it was accepted.</param>
    public sealed record TurnWaits(TurnId TurnId, AgentId AgentId, DateTimeOffset AcceptedAt) : IDeadLetterSuppression;

    /// <summary>A turn has started.</summary>
    /// <param name="TurnId">The turn.</param>
    public sealed record TurnStarted(TurnId TurnId) : IDeadLetterSuppression;

    /// <summary>A turn has ended, whether or not it had started.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="AgentId">Its agent.</param>
    /// <param name="Outcome">How it ended.</param>
    public sealed record TurnEnded(TurnId TurnId, AgentId AgentId, TurnOutcome Outcome) : IDeadLetterSuppression;

    /// <summary>Asks for the <see cref="Standing"/> problems.</summary>
    public sealed record GetProblems
    {
        /// <summary>The only instance.</summary>
        public static GetProblems Instance { get; } = new();
    }

    /// <summary>The problems that stand.</summary>
    /// <param name="Problems">The problems, in the order of <see cref="ProblemKinds.All"/>.</param>
    public sealed record Standing(ImmutableArray<StandingProblem> Problems);
}

/// <summary>A problem that stands.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Message">What is wrong with what, as a sentence.</param>
/// <param name="Since">Since when.</param>
public sealed record StandingProblem(ProblemKind Kind, string Message, DateTimeOffset Since);
