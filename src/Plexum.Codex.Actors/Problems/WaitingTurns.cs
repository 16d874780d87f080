using Plexum.Codex.Turns;

namespace Plexum.Codex.Problems;

/// <summary>The turns that wait to be started, and which of them has waited longest. Belongs to <see cref="ProblemsActor"/>.</summary>
internal sealed class WaitingTurns
{
    private readonly Dictionary<TurnId, Waiting> _turns = [];

    /// <summary>The turn that has waited longest; null if none waits.</summary>
    public Waiting? Oldest => _turns.Count == 0 ? null : _turns.Values.MinBy(turn => turn.Since);

    public void Add(TurnId turn, AgentId agent, DateTimeOffset since) => _turns[turn] = new Waiting(turn, agent, since);

    /// <returns>False if it did not wait.</returns>
    public bool Remove(TurnId turn) => _turns.Remove(turn);

    /// <summary>A turn that waits.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="AgentId">Its agent.</param>
    /// <param name="Since">When it was accepted.</param>
    internal sealed record Waiting(TurnId TurnId, AgentId AgentId, DateTimeOffset Since);
}
