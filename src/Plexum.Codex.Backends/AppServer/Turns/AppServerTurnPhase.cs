using System.Collections.Frozen;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>What an <see cref="AppServerTurnActor"/> is doing.</summary>
internal enum AppServerTurnPhase
{
    /// <summary>Waiting for the message to start.</summary>
    Idle,

    /// <summary>Writing the prompt and preparing the thread's configuration.</summary>
    Readying,

    /// <summary>Looking up the end of the resumed thread's rollout.</summary>
    Noting,

    /// <summary>The server loads the thread.</summary>
    Opening,

    /// <summary>Recording the turn, and asking the server to start it.</summary>
    Starting,

    /// <summary>The server runs the turn.</summary>
    Running,

    /// <summary>Codex did not continue the thread; finding out what has become of it, or who writes to it.</summary>
    Locating,

    /// <summary>The turn is over; ending what it left running.</summary>
    Cleaning,

    /// <summary>Reading the rollout.</summary>
    Reading,

    /// <summary>The end has been sent to the turn.</summary>
    Ended,
}

/// <summary>Which phase may follow which.</summary>
internal static class AppServerTurnPhases
{
    private static readonly FrozenDictionary<AppServerTurnPhase, FrozenSet<AppServerTurnPhase>> Next = new Dictionary<
        AppServerTurnPhase,
        FrozenSet<AppServerTurnPhase>
    >
    {
        [AppServerTurnPhase.Idle] = Set(AppServerTurnPhase.Readying, AppServerTurnPhase.Opening),
        [AppServerTurnPhase.Readying] = Set(AppServerTurnPhase.Noting, AppServerTurnPhase.Opening, AppServerTurnPhase.Ended),
        [AppServerTurnPhase.Noting] = Set(AppServerTurnPhase.Opening, AppServerTurnPhase.Ended),
        [AppServerTurnPhase.Opening] = Set(
            AppServerTurnPhase.Idle,
            AppServerTurnPhase.Starting,
            AppServerTurnPhase.Running,
            AppServerTurnPhase.Locating,
            AppServerTurnPhase.Cleaning,
            AppServerTurnPhase.Ended
        ),
        [AppServerTurnPhase.Starting] = Set(
            AppServerTurnPhase.Running,
            AppServerTurnPhase.Cleaning,
            AppServerTurnPhase.Opening,
            AppServerTurnPhase.Idle,
            AppServerTurnPhase.Ended
        ),
        [AppServerTurnPhase.Running] = Set(AppServerTurnPhase.Cleaning),
        [AppServerTurnPhase.Locating] = Set(AppServerTurnPhase.Idle, AppServerTurnPhase.Ended),
        [AppServerTurnPhase.Cleaning] = Set(AppServerTurnPhase.Reading),
        [AppServerTurnPhase.Reading] = Set(AppServerTurnPhase.Ended),
        [AppServerTurnPhase.Ended] = Set(),
    }.ToFrozenDictionary();

    /// <summary>Whether <paramref name="to"/> may follow <paramref name="from"/>.</summary>
    public static bool Allow(AppServerTurnPhase from, AppServerTurnPhase to) => Next[from].Contains(to);

    /// <summary>Goes from one to another.</summary>
    /// <exception cref="InvalidOperationException">That may not follow.</exception>
    public static AppServerTurnPhase Enter(AppServerTurnPhase from, AppServerTurnPhase to, TurnId turn) =>
        Allow(from, to) ? to : throw new InvalidOperationException($"The turn {turn} in codex's app-server cannot go from {from} to {to}.");

    private static FrozenSet<AppServerTurnPhase> Set(params AppServerTurnPhase[] phases) => phases.ToFrozenSet();
}
