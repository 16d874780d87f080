namespace Plexum.Codex.Chaos;

/// <summary>What a run over the molecule platform showed.</summary>
/// <param name="Answered">How many messages were answered.</param>
/// <param name="Requests">How many requests the platform got.</param>
/// <param name="Failed">How many of them it let fail.</param>
/// <param name="Faults">What was not as promised.</param>
public sealed record MoleculeReport(int Answered, int Requests, int Failed, IReadOnlyList<string> Faults);
