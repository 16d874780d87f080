using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>The answer to an accepted turn.</summary>
/// <param name="TurnId">The turn to name to the host: the new one, or the earlier one with the same key.</param>
/// <param name="IsNew">Whether a turn was taken in; false when it was there before.</param>
/// <param name="SameRequest">Whether the earlier turn was asked for with the same document; true for a new one.</param>
/// <param name="State">Where the turn stands.</param>
public sealed record LedgerReceipt(TurnId TurnId, bool IsNew, bool SameRequest, TurnState State);
