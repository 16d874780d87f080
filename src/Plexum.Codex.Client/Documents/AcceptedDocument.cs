using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>The response to an accepted turn.</summary>
/// <param name="TurnId">The turn; if the idempotency key was used before, the earlier turn.</param>
/// <param name="AgentId">Its agent.</param>
/// <param name="Position">How many of the agent's turns are ahead of it.</param>
/// <param name="Warnings">What was ignored in the request; null if nothing was.</param>
public sealed record AcceptedDocument(string TurnId, string AgentId, int Position, ImmutableArray<string>? Warnings = null);
