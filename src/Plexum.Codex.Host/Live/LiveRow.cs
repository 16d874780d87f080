using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

/// <summary>The live view's row of an agent.</summary>
/// <param name="agent">The agent.</param>
internal sealed class LiveRow(AgentId agent)
{
    public AgentId Agent { get; } = agent;

    public AgentPhase Phase { get; set; }

    /// <summary>The current turn, or the last one.</summary>
    public TurnId? Turn { get; set; }

    public LiveGlance? Glance { get; set; }

    /// <summary>When the agent entered its current state.</summary>
    public DateTimeOffset Since { get; set; }

    public int Queued { get; set; }

    /// <summary>The usage of the agent's ended turns.</summary>
    public Usage Usage { get; set; }

    public bool IsIdle => Phase == AgentPhase.Idle;
}

/// <summary>The content of the live view at one moment.</summary>
/// <param name="Limit">The number of slots for codex.</param>
/// <param name="Used">The number of slots in use.</param>
/// <param name="Waiting">The number of agents waiting for a slot.</param>
/// <param name="Rows">The agents shown.</param>
/// <param name="Left">The number of busy agents not shown.</param>
internal sealed record LivePicture(int Limit, int Used, int Waiting, IReadOnlyList<LiveRow> Rows, int Left);
