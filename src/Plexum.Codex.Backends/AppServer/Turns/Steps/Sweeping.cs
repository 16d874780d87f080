using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>
/// Ends what a turn left running. Codex's app-server lets commands and sub-agents go on after an interrupt and after the turn's end. Asked
/// to, it ends commands within 100 ms, except those that left its sight; sub-agents end when their parent's thread is unloaded, which takes
/// 15 to 65 ms (measured on 0.169.0 and 0.171.0). With exec both end with the process. Belongs to an actor.
/// </summary>
/// <param name="turn">The turn.</param>
/// <param name="self">The actor, which gets <see cref="Swept"/> and <see cref="SweepNext"/>.</param>
internal sealed class Sweeping(ServerTurn turn, IActorRef self)
{
    private const string Timer = "sweep";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    private ImmutableArray<Survivor> _seen = [];
    private ImmutableArray<Survivor> _killed = [];
    private int _looks;

    /// <summary>Asks the server to end the commands; <see cref="SweepNext"/> comes if it does not answer.</summary>
    public static void Clean(ServerThread thread, ITimerScheduler timers)
    {
        thread.Clean();
        timers.StartSingleTimer(Timer, SweepNext.Instance, Limit);
    }

    /// <summary>Asks it to end all that the thread runs; <see cref="SweepNext"/> comes if it does not answer.</summary>
    public static void Unload(ServerThread thread, ITimerScheduler timers)
    {
        thread.Unload();
        timers.StartSingleTimer(Timer, SweepNext.Instance, Limit);
    }

    /// <summary>Looks for what is left. If the turn was stopped, what is still there at the second look is killed.</summary>
    public void Look(bool kills, ITimerScheduler timers)
    {
        timers.Cancel(Timer);
        var (seen, isSecond) = (_seen, _looks > 0);
        FileWork
            .Run(() => kills && isSecond ? turn.KillProcesses(seen) : turn.FindProcesses(seen))
            .PipeTo(self, success: found => new Swept(found, null), failure: e => new Swept([], e));
    }

    /// <summary>What ends just now is given a moment.</summary>
    /// <param name="swept">What was found.</param>
    /// <param name="kills">Whether what is left is killed.</param>
    /// <param name="timers">The actor's timers.</param>
    /// <returns>Whether there will be another look.</returns>
    public bool LooksAgain(Swept swept, bool kills, ITimerScheduler timers)
    {
        _seen = swept.Found;
        _killed = kills && _looks > 0 ? [.. _killed.Union(swept.Found)] : _killed;
        if (swept.Found.IsEmpty || _looks++ >= 3)
        {
            return false;
        }

        timers.StartSingleTimer(Timer, SweepNext.Instance, Pause * _looks);
        return true;
    }

    /// <summary>What readers are told if the server did not confirm that it has unloaded the thread.</summary>
    /// <param name="problem">Its words; null if it did not answer.</param>
    public static CanonicalEvent.Notice NotUnloaded(string? problem) =>
        new(
            NoticeCodes.Survivors,
            "What the turn started in codex's app-server, such as a sub-agent, may go on: "
                + $"{problem?.TrimEnd('.') ?? "the server did not unload the thread in time"}. If it does go on, restart plexum-codex."
        );

    /// <summary>What readers are told; null for nothing.</summary>
    public CanonicalEvent.Notice? ToNotice()
    {
        var left = _killed.IsEmpty ? _seen : _killed;
        return left.IsEmpty
            ? null
            : new CanonicalEvent.Notice(
                NoticeCodes.Survivors,
                $"Processes that the turn's commands started outlived the turn{(_killed.IsEmpty ? "" : " and were killed")}: "
                    + $"{string.Join<Survivor>(", ", left)}."
            );
    }
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
