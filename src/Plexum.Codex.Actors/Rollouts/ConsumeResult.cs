using System.Collections.Immutable;

namespace Plexum.Codex.Rollouts;

/// <summary>What a consume did.</summary>
/// <param name="Touched">How many of the ids stand in the rollout as was asked, also those that did so before.</param>
/// <param name="Requested">How many ids were named, each counted once.</param>
/// <param name="Warnings">Sentences about what was left as it is.</param>
public sealed record ConsumeResult(int Touched, int Requested, ImmutableArray<string> Warnings);
