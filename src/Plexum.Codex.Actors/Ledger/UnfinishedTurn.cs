using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>A turn that is not over.</summary>
/// <param name="Entry">What is known of it.</param>
/// <param name="Request">What was asked for; null where the ledger was damaged and that could not be saved.</param>
public sealed record UnfinishedTurn(TurnEntry Entry, TurnRequest? Request);
