using System.Collections.Immutable;
using Plexum.Codex.Events;

namespace Plexum.Codex.Exec.Output;

/// <summary>The result of one read of codex's output.</summary>
/// <param name="Events">The events in order; often none.</param>
/// <param name="Progress">codex's progress after them.</param>
/// <param name="Offset">The offset in the output up to which all lines are in this batch or earlier ones.</param>
public readonly record struct EventBatch(ImmutableArray<CanonicalEvent> Events, TurnProgress Progress, long Offset);
