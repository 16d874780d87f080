using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>
/// Ends what a turn left running. Codex's app-server lets commands go on after an interrupt and after the turn's end; asked to, it ends
/// them within 100 ms (measured on 0.169.0 and 0.171.0), except those that left its sight. Belongs to an actor.
/// </summary>
/// <param name="turn">The turn.</param>
/// <param name="self">The actor, which gets <see cref="Swept"/> and <see cref="SweepNext"/>.</param>
internal sealed class Sweeping(ServerTurn turn, IActorRef self)
{
    private const string Timer = "sweep";

    private static readonly TimeSpan CleanLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private int _looks;

    /// <summary>Asks the server to end them; <see cref="SweepNext"/> comes if it does not answer.</summary>
    public static void Clean(ServerThread thread, ITimerScheduler timers)
    {
        thread.Clean();
        timers.StartSingleTimer(Timer, SweepNext.Instance, CleanLimit);
    }

    /// <summary>Looks for what is left, and kills it if the turn was stopped.</summary>
    public void Look(bool kills) =>
        FileWork
            .Run(() => kills ? turn.KillProcesses() : turn.FindProcesses())
            .PipeTo(self, success: found => new Swept(found, null), failure: e => new Swept([], e));

    /// <summary>What ends just now is given a moment.</summary>
    /// <returns>Whether there will be another look.</returns>
    public bool LooksAgain(Swept swept, ITimerScheduler timers)
    {
        if (swept.Found.IsEmpty || _looks++ >= 3)
        {
            return false;
        }

        timers.StartSingleTimer(Timer, SweepNext.Instance, Pause * _looks);
        return true;
    }

    /// <summary>What readers are told; null for nothing.</summary>
    public static CanonicalEvent.Notice? NoticeOf(ImmutableArray<Survivor> left, bool killed) =>
        left.IsEmpty
            ? null
            : new CanonicalEvent.Notice(
                NoticeCodes.Survivors,
                $"Processes that the turn's commands started outlived the turn{(killed ? " and were killed" : "")}: "
                    + $"{string.Join<Survivor>(", ", left)}."
            );
}

/// <summary>What was left.</summary>
/// <param name="Found">The processes.</param>
/// <param name="Failure">Why it could not be looked for; null if it could.</param>
internal sealed record Swept(ImmutableArray<Survivor> Found, Exception? Failure);

/// <summary>The next look is due.</summary>
internal sealed record SweepNext
{
    /// <summary>The only instance.</summary>
    public static SweepNext Instance { get; } = new();
}
