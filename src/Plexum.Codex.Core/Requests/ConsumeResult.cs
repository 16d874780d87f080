using System.Collections.Immutable;

namespace Plexum.Codex.Requests;

/// <summary>What a consume did.</summary>
/// <param name="Touched">How many of the ids are consumed as requested, including those consumed earlier.</param>
/// <param name="Requested">How many distinct ids were requested.</param>
/// <param name="Warnings">Sentences about what was not consumed.</param>
public sealed record ConsumeResult(int Touched, int Requested, ImmutableArray<string> Warnings);
