using System.Collections.Immutable;

namespace Plexum.Codex.Requests;

/// <summary>The result of reading the document of a turn.</summary>
/// <param name="Request">The request; null when there are problems.</param>
/// <param name="IdempotencyKey">The host's idempotency key for the request, or null.</param>
/// <param name="Problems">What is wrong; each sentence begins with the place in the document.</param>
/// <param name="Warnings">What is ignored; each sentence begins with the place in the document.</param>
public sealed record TurnRequestReading(
    TurnRequest? Request,
    string? IdempotencyKey,
    ImmutableArray<string> Problems,
    ImmutableArray<string> Warnings
);
