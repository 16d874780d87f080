using System.Collections.Immutable;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>The answer to a turn that was taken in.</summary>
/// <param name="TurnId">The turn; with an idempotency key that was used before, the earlier one.</param>
/// <param name="AgentId">Its agent.</param>
/// <param name="Position">How many turns of the agent go before it.</param>
/// <param name="Warnings">What in the request was passed over; null for nothing.</param>
public sealed record AcceptedDocument(string TurnId, string AgentId, int Position, ImmutableArray<string>? Warnings = null);
