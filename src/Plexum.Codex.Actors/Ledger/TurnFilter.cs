using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>Which turns are asked for. What is null does not matter.</summary>
/// <param name="Agent">Turns of this agent.</param>
/// <param name="State">Turns in this state.</param>
/// <param name="Before">Turns accepted before the one of this <see cref="TurnEntry.Number"/>.</param>
/// <param name="After">Turns accepted after the one of this <see cref="TurnEntry.Number"/>.</param>
/// <param name="Limit">How many at most, the newest of those that fit.</param>
public sealed record TurnFilter(AgentId? Agent = null, TurnState? State = null, long? Before = null, long? After = null, int Limit = 50);
