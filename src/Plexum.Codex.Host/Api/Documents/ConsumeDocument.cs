using System.Collections.Immutable;

namespace Plexum.Codex.Host.Api.Documents;

/// <summary>What a consume did.</summary>
/// <param name="Touched">How many of the calls were changed, or had been before.</param>
/// <param name="Requested">How many were asked for.</param>
/// <param name="Warnings">What was passed over.</param>
public sealed record ConsumeDocument(int Touched, int Requested, ImmutableArray<string> Warnings);
