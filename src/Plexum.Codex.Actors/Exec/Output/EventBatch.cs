using System.Collections.Immutable;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>What one read of codex's output brought.</summary>
/// <param name="Events">The events in their order; often none.</param>
/// <param name="Progress">How far codex had come after them.</param>
/// <param name="Offset">The place in the output up to which all lines are in <paramref name="Events"/> or earlier batches.</param>
public readonly record struct EventBatch(ImmutableArray<CanonicalEvent> Events, TurnProgress Progress, long Offset);
