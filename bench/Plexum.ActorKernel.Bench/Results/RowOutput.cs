namespace Plexum.ActorKernel.Bench.Results;

/// <summary>What one process reports of its row.</summary>
/// <param name="Figures">What it measured.</param>
/// <param name="OtherLoad">The share of the processors that others used meanwhile; null where unknown.</param>
internal sealed record RowOutput(IReadOnlyList<Figure> Figures, double? OtherLoad);
