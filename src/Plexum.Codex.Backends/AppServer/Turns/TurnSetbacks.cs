using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Steps;
using Plexum.Codex.AppServer.Wire;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>What follows for a turn when the server refuses something or is lost.</summary>
internal enum TurnSetback
{
    /// <summary>Nothing: the turn does not need it.</summary>
    None,

    /// <summary>The turn fails. Codex has done nothing.</summary>
    Fails,

    /// <summary>The thread's state says why it was not loaded.</summary>
    IsLookedInto,

    /// <summary>Somebody else uses the thread; the turn waits for it.</summary>
    Waits,

    /// <summary>The turn may have begun. The next connection to the server tells, or the server's end.</summary>
    IsInDoubt,

    /// <summary>The turn ends as far as it has come; codex's own record says how far.</summary>
    Ends,

    /// <summary>What the turn left running is looked for again.</summary>
    SweepsAgain,
}

/// <summary>Decides about setbacks.</summary>
internal static class TurnSetbacks
{
    /// <summary>The server refused what the turn cannot do without.</summary>
    /// <param name="phase">What the turn is doing.</param>
    /// <param name="isReturning">Whether it was begun by an earlier process of this program.</param>
    /// <param name="hasAsked">Whether the server was asked to start it.</param>
    /// <param name="refused">What was refused, and why.</param>
    /// <returns><see cref="TurnSetback.None"/> if it was something else that was refused.</returns>
    public static TurnSetback OfRefusal(AppServerTurnPhase phase, bool isReturning, bool hasAsked, AppServerProtocol.Refused refused) =>
        (phase, refused.Fault.Kind) switch
        {
            _ when IsExtra(refused.Method) => TurnSetback.None,
            // An earlier attempt asked for it, whose server is gone.
            _ when refused.Method == AppServerMethods.StartTurn && !hasAsked => TurnSetback.None,
            (AppServerTurnPhase.Opening, _) when isReturning => TurnSetback.Ends,
            (AppServerTurnPhase.Opening, _) => TurnSetback.IsLookedInto,
            (AppServerTurnPhase.Starting, AppServerFaultKind.NoSuchThread or AppServerFaultKind.Busy) => TurnSetback.Waits,
            (AppServerTurnPhase.Starting, AppServerFaultKind.ServerDown) => TurnSetback.IsInDoubt,
            (AppServerTurnPhase.Starting, AppServerFaultKind.NoAnswer or AppServerFaultKind.Unreadable) => TurnSetback.Ends,
            // A new connection does not find the thread that was to run the turn.
            (AppServerTurnPhase.Starting, AppServerFaultKind.NotFound) when refused.Method == AppServerMethods.Resume => TurnSetback.Ends,
            (AppServerTurnPhase.Starting, _) => TurnSetback.Fails,
            _ => TurnSetback.None,
        };

    /// <summary>The server is gone, or it does not know the turn.</summary>
    /// <param name="phase">What the turn is doing.</param>
    /// <param name="isReturning">Whether it was begun by an earlier process of this program.</param>
    /// <param name="hasAsked">Whether the server was asked to start it.</param>
    public static TurnSetback OfLoss(AppServerTurnPhase phase, bool isReturning, bool hasAsked) =>
        phase switch
        {
            AppServerTurnPhase.Opening when !isReturning => TurnSetback.Fails,
            AppServerTurnPhase.Starting when !hasAsked => TurnSetback.Fails,
            AppServerTurnPhase.Opening or AppServerTurnPhase.Starting or AppServerTurnPhase.Running => TurnSetback.Ends,
            AppServerTurnPhase.Cleaning => TurnSetback.SweepsAgain,
            _ => TurnSetback.None,
        };

    private static bool IsExtra(string? method) =>
        method is ServerThread.SteerMethod or ServerThread.InterruptMethod or ServerThread.CleanMethod;
}
