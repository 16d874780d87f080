using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>The result of accepting a turn.</summary>
/// <param name="TurnId">The turn to report to the host: the new one, or the earlier one with the same key.</param>
/// <param name="IsNew">Whether the turn is new; false if it already existed.</param>
/// <param name="SameRequest">Whether the earlier turn had the same request document; true for a new turn.</param>
/// <param name="State">The turn's state.</param>
public sealed record LedgerReceipt(TurnId TurnId, bool IsNew, bool SameRequest, TurnState State);
