using System.Collections.Immutable;

namespace Plexum.Codex.Client.Documents;

/// <summary>The response to a consume request.</summary>
/// <param name="Touched">How many of the calls are now consumed, including those consumed earlier.</param>
/// <param name="Requested">How many calls were requested.</param>
/// <param name="Warnings">What was ignored.</param>
public sealed record ConsumeDocument(int Touched, int Requested, ImmutableArray<string> Warnings);
