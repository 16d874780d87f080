using Plexum.Codex.Agents;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>What is shown of one agent.</summary>
/// <param name="agent">The agent.</param>
internal sealed class LiveRow(AgentId agent)
{
    public AgentId Agent { get; } = agent;

    public AgentPhase Phase { get; set; }

    /// <summary>The turn at hand, or the last one.</summary>
    public TurnId? Turn { get; set; }

    public LiveGlance? Glance { get; set; }

    /// <summary>Since when it is as it is.</summary>
    public DateTimeOffset Since { get; set; }

    public int Queued { get; set; }

    /// <summary>What it has used, as far as its turns are over.</summary>
    public Usage Usage { get; set; }

    public bool IsIdle => Phase == AgentPhase.Idle;
}

/// <summary>What is shown at one moment.</summary>
/// <param name="Limit">How many slots for codex there are.</param>
/// <param name="Used">How many are taken.</param>
/// <param name="Waiting">How many agents wait for one.</param>
/// <param name="Rows">The agents.</param>
/// <param name="Left">How many agents with a turn are not among them.</param>
internal sealed record LivePicture(int Limit, int Used, int Waiting, IReadOnlyList<LiveRow> Rows, int Left);
