namespace Plexum.Codex.Ledger;

/// <summary>How many turns of all agents are not over.</summary>
/// <param name="Queued">Those that wait.</param>
/// <param name="Running">Those that are being carried out.</param>
public sealed record OpenTurns(long Queued, long Running);
