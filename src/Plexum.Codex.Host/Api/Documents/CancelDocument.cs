namespace Plexum.Codex.Host.Api.Documents;

/// <summary>What a cancel did.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Outcome">What happened.</param>
public sealed record CancelDocument(string TurnId, CancelResult Outcome);

/// <summary>What became of a request to cancel a turn.</summary>
public enum CancelResult
{
    /// <summary>It was waiting and will not run.</summary>
    Dequeued,

    /// <summary>codex was asked to stop; it is made to if it does not.</summary>
    Stopping,

    /// <summary>codex was killed.</summary>
    Killed,

    /// <summary>It was ending already.</summary>
    Ending,

    /// <summary>It was over already.</summary>
    Ended,
}
