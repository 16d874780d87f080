using Plexum.Codex.Requests;

namespace Plexum.Codex.Ledger;

/// <summary>A turn that has not ended.</summary>
/// <param name="Entry">What the ledger knows about it.</param>
/// <param name="Request">Its request; null if the ledger was damaged and the request could not be saved.</param>
public sealed record UnfinishedTurn(TurnEntry Entry, TurnRequest? Request);
