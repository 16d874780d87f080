using System.Collections.Frozen;

namespace Plexum.Codex.Turns;

/// <summary>Where a turn stands, from its first file to its outcome.</summary>
public enum TurnPhase
{
    /// <summary>Its log is being made, its agent's lock taken, its session read.</summary>
    Preparing,

    /// <summary>The host's tools are being made reachable.</summary>
    OpeningTools,

    /// <summary>The backend runs it.</summary>
    Running,

    /// <summary>The backend was told to stop it.</summary>
    Stopping,

    /// <summary>codex does not know the thread; the session is being set aside.</summary>
    RenewingThread,

    /// <summary>Another process writes to the thread; the turn is started again in a moment.</summary>
    WaitingForThread,

    /// <summary>codex is done; the last events are being read.</summary>
    Finishing,

    /// <summary>The end is being written.</summary>
    Settling,

    /// <summary>The agent was told the outcome.</summary>
    Ended,
}

/// <summary>Which phase may follow which.</summary>
internal static class TurnPhases
{
    private static readonly FrozenDictionary<TurnPhase, FrozenSet<TurnPhase>> Next = new Dictionary<TurnPhase, FrozenSet<TurnPhase>>
    {
        // Preparing → Ended: the log itself could not be made, so there is no end to write.
        [TurnPhase.Preparing] = Set(TurnPhase.OpeningTools, TurnPhase.Running, TurnPhase.Settling, TurnPhase.Ended),
        [TurnPhase.OpeningTools] = Set(TurnPhase.Running, TurnPhase.Settling),
        [TurnPhase.Running] = Set(
            TurnPhase.Stopping, TurnPhase.RenewingThread, TurnPhase.WaitingForThread, TurnPhase.Finishing, TurnPhase.Settling),
        // → Stopping: told once more, perhaps with force.
        [TurnPhase.Stopping] = Set(TurnPhase.Stopping, TurnPhase.Finishing, TurnPhase.Settling),
        // → OpeningTools: a recovered turn may never have offered its tools.
        [TurnPhase.RenewingThread] = Set(TurnPhase.OpeningTools, TurnPhase.Running, TurnPhase.Settling),
        [TurnPhase.WaitingForThread] = Set(TurnPhase.OpeningTools, TurnPhase.Running, TurnPhase.Settling),
        [TurnPhase.Finishing] = Set(TurnPhase.Settling),
        [TurnPhase.Settling] = Set(TurnPhase.Ended),
        [TurnPhase.Ended] = Set(),
    }.ToFrozenDictionary();

    /// <summary>Whether <paramref name="to"/> may follow <paramref name="from"/>.</summary>
    public static bool Allow(TurnPhase from, TurnPhase to) => Next[from].Contains(to);

    /// <summary>Whether the turn is past being cancelled: it ends as it was.</summary>
    public static bool IsEnding(this TurnPhase phase) => phase is TurnPhase.Finishing or TurnPhase.Settling or TurnPhase.Ended;

    private static FrozenSet<TurnPhase> Set(params TurnPhase[] phases) => phases.ToFrozenSet();
}
