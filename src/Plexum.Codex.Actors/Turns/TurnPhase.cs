using System.Collections.Frozen;

namespace Plexum.Codex.Turns;

/// <summary>The phases of a turn, from its first file to its outcome.</summary>
public enum TurnPhase
{
    /// <summary>Its log is being created, its agent's lock acquired and its session read.</summary>
    Preparing,

    /// <summary>The tool bridge is opening the host's tools.</summary>
    OpeningTools,

    /// <summary>The backend is running the turn.</summary>
    Running,

    /// <summary>The backend was told to stop the turn.</summary>
    Stopping,

    /// <summary>codex does not know the thread; the session is being set aside.</summary>
    RenewingThread,

    /// <summary>Another process is writing to the thread; the turn will be tried again shortly.</summary>
    WaitingForThread,

    /// <summary>codex has exited; the last events are being read.</summary>
    Finishing,

    /// <summary>The end is being written.</summary>
    Settling,

    /// <summary>The agent was told the outcome.</summary>
    Ended,
}

/// <summary>The allowed transitions between phases.</summary>
internal static class TurnPhases
{
    private static readonly FrozenDictionary<TurnPhase, FrozenSet<TurnPhase>> Next = new Dictionary<TurnPhase, FrozenSet<TurnPhase>>
    {
        // Preparing → Ended: the log could not be created, so the end cannot be written.
        [TurnPhase.Preparing] = Set(TurnPhase.OpeningTools, TurnPhase.Running, TurnPhase.Settling, TurnPhase.Ended),
        [TurnPhase.OpeningTools] = Set(TurnPhase.Running, TurnPhase.Settling),
        [TurnPhase.Running] = Set(
            TurnPhase.Stopping,
            TurnPhase.RenewingThread,
            TurnPhase.WaitingForThread,
            TurnPhase.Finishing,
            TurnPhase.Settling
        ),
        // → Stopping: told to stop again, perhaps by force.
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

    /// <summary>Whether it is too late to cancel the turn.</summary>
    public static bool IsEnding(this TurnPhase phase) => phase is TurnPhase.Finishing or TurnPhase.Settling or TurnPhase.Ended;

    private static FrozenSet<TurnPhase> Set(params TurnPhase[] phases) => phases.ToFrozenSet();
}
