using Plexum.Codex.Turns;

namespace Plexum.Codex.Problems;

/// <summary>The turns that wait to be started, and which of them has waited longest. Belongs to <see cref="ProblemsActor"/>.</summary>
internal sealed class WaitingTurns
{
    private readonly Dictionary<TurnId, Waiting> _turns = [];
    private readonly SortedSet<Waiting> _byTime = new(Comparer<Waiting>.Create(Compare));

    /// <summary>The turn that has waited longest; null if none waits.</summary>
    public Waiting? Oldest => _byTime.Min;

    /// <summary>A turn waits; if it did already, since then.</summary>
    public void Add(TurnId turn, AgentId agent, DateTimeOffset since)
    {
        Remove(turn);
        var waiting = new Waiting(turn, agent, since);
        _turns.Add(turn, waiting);
        _byTime.Add(waiting);
    }

    /// <returns>False if it did not wait.</returns>
    public bool Remove(TurnId turn) => _turns.Remove(turn, out var waiting) && _byTime.Remove(waiting);

    private static int Compare(Waiting one, Waiting other) =>
        one.Since != other.Since ? one.Since.CompareTo(other.Since) : string.CompareOrdinal(one.TurnId.Value, other.TurnId.Value);

    /// <summary>A turn that waits.</summary>
    /// <param name="TurnId">The turn.</param>
    /// <param name="AgentId">Its agent.</param>
    /// <param name="Since">When it was accepted.</param>
    internal sealed record Waiting(TurnId TurnId, AgentId AgentId, DateTimeOffset Since);
}
