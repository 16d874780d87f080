namespace Plexum.Codex.Ledger;

/// <summary>The number of unfinished turns of all agents.</summary>
/// <param name="Queued">How many are queued.</param>
/// <param name="Running">How many are running.</param>
public sealed record OpenTurns(long Queued, long Running);
