using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>The response to a cancel request.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Outcome">What happened.</param>
public sealed record CancelDocument(string TurnId, CancelResult Outcome);

/// <summary>What became of the turns of several cancel requests.</summary>
/// <param name="Turns">The turns, in the order in which they were cancelled.</param>
public sealed record CancelledTurnsDocument(ImmutableArray<CancelDocument> Turns);

/// <summary>The outcome of a cancel request.</summary>
public enum CancelResult
{
    /// <summary>The turn was queued and will not run.</summary>
    Dequeued,

    /// <summary>codex was asked to stop and is forced to if it does not.</summary>
    Stopping,

    /// <summary>codex was killed.</summary>
    Killed,

    /// <summary>The turn was already ending.</summary>
    Ending,

    /// <summary>The turn had already ended.</summary>
    Ended,
}

/// <summary>The response to a steer request.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Outcome">What happened.</param>
public sealed record SteerDocument(string TurnId, SteerResult Outcome);

/// <summary>The outcome of a steer request that was not refused.</summary>
public enum SteerResult
{
    /// <summary>The model sees the text before it goes on with the turn.</summary>
    Accepted,
}
