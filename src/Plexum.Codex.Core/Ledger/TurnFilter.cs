using Plexum.Codex.Turns;

namespace Plexum.Codex.Ledger;

/// <summary>Which turns to list. Null means any.</summary>
/// <param name="Agent">Turns of this agent.</param>
/// <param name="State">Turns in this state.</param>
/// <param name="Before">Turns accepted before the one with this <see cref="TurnEntry.Number"/>.</param>
/// <param name="After">Turns accepted after the one with this <see cref="TurnEntry.Number"/>.</param>
/// <param name="Limit">The maximum number of turns; the newest matches are returned.</param>
public sealed record TurnFilter(AgentId? Agent = null, TurnState? State = null, long? Before = null, long? After = null, int Limit = 50)
{
    /// <summary>Turns whose id begins with this; at most the characters of an id.</summary>
    public string? Prefix { get; init; }
}
