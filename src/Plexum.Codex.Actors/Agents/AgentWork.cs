using System.Collections.Frozen;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>What an <see cref="AgentActor"/> is doing.</summary>
internal enum AgentWork
{
    /// <summary>The agent is idle.</summary>
    Nothing,

    /// <summary>The next turn is waiting for its slot.</summary>
    WaitingForSlot,

    /// <summary>A turn is running.</summary>
    Turn,

    /// <summary>A consume is running.</summary>
    Consume,
}

/// <summary>The allowed transitions of <see cref="AgentWork"/>, and the phases that hosts see.</summary>
internal static class AgentWorks
{
    private static readonly FrozenDictionary<AgentWork, FrozenSet<AgentWork>> Next = new Dictionary<AgentWork, FrozenSet<AgentWork>>
    {
        [AgentWork.Nothing] = Set(AgentWork.Nothing, AgentWork.WaitingForSlot, AgentWork.Turn, AgentWork.Consume),
        [AgentWork.WaitingForSlot] = Set(AgentWork.Nothing, AgentWork.Turn),
        [AgentWork.Turn] = Set(AgentWork.Nothing),
        [AgentWork.Consume] = Set(AgentWork.Nothing),
    }.ToFrozenDictionary();

    /// <summary>Whether <paramref name="to"/> may follow <paramref name="from"/>.</summary>
    public static bool Allow(AgentWork from, AgentWork to) => Next[from].Contains(to);

    /// <summary>The phase that hosts see.</summary>
    public static AgentPhase Seen(AgentWork work, TurnPhase? turn) =>
        (work, turn) switch
        {
            (AgentWork.Turn, TurnPhase.Preparing or TurnPhase.OpeningTools or TurnPhase.RenewingThread) => AgentPhase.Preparing,
            (AgentWork.Turn, TurnPhase.Running or TurnPhase.Stopping) => AgentPhase.Running,
            (AgentWork.Turn, TurnPhase.WaitingForThread) => AgentPhase.WaitingForThread,
            (AgentWork.Turn, _) => AgentPhase.Settling,
            (AgentWork.WaitingForSlot, _) => AgentPhase.WaitingForSlot,
            (AgentWork.Consume, _) => AgentPhase.Rewriting,
            _ => AgentPhase.Idle,
        };

    private static FrozenSet<AgentWork> Set(params AgentWork[] works) => works.ToFrozenSet();
}
