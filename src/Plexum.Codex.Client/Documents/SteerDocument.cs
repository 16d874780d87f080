namespace Plexum.Codex.Client.Documents;

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
