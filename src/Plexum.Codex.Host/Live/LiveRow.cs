using Plexum.Codex.Problems;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

/// <summary>What the live view shows of an agent.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Phase">What it is doing.</param>
/// <param name="Since">When its turn began if one is running, else when it entered this state.</param>
internal sealed record LiveRow(AgentId Agent, AgentPhase Phase, DateTimeOffset Since)
{
    /// <summary>How its last turn ended; null if that is not known.</summary>
    public StopReason? Ended { get; init; }

    /// <summary>How many of its turns are queued.</summary>
    public int Queued { get; init; }

    /// <summary>The usage of its ended turns.</summary>
    public Usage Usage { get; init; }

    /// <summary>The latest action of its turn.</summary>
    public string Last { get; init; } = "";

    public bool IsIdle => Phase == AgentPhase.Idle;

    /// <summary>Whether it has to wait before codex runs.</summary>
    public bool IsWaiting => Phase is AgentPhase.WaitingForSlot or AgentPhase.WaitingForThread;

    /// <summary>What is shown first: agents at work, then those that wait, then the others.</summary>
    public int Rank =>
        IsIdle ? 2
        : IsWaiting ? 1
        : 0;
}

/// <summary>The content of the live view at one moment.</summary>
/// <param name="Limit">The number of slots for codex.</param>
/// <param name="Used">The number of slots in use.</param>
/// <param name="Waiting">The number of agents that wait for a slot.</param>
/// <param name="Rows">The agents; those that wait are in the order of their waiting.</param>
internal sealed record LivePicture(int Limit, int Used, int Waiting, IReadOnlyList<LiveRow> Rows)
{
    /// <summary>Before anything is known.</summary>
    public static LivePicture Empty { get; } = new(0, 0, 0, []);

    /// <summary>Whether there are more agents than the rows have.</summary>
    public bool IsPartial { get; init; }

    /// <summary>What should page an operator.</summary>
    public IReadOnlyList<StandingProblem> Problems { get; init; } = [];

    /// <summary>A sentence for whoever looks; null for none.</summary>
    public string? Message { get; init; }

    /// <summary>Whether the ledger did not have all ends of turns yet.</summary>
    public bool IsBehind { get; init; }

    /// <summary>Whether any agent has something to do, or is shown as it no longer is.</summary>
    public bool IsBusy => IsBehind || Rows.Any(row => !row.IsIdle);
}
