using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes;

namespace Plexum.Codex.Exec.Waiting;

/// <summary>
/// Notices when a turn has been silent for a while before codex works on it, and tells what it waits for. Once codex has begun the turn, a
/// silence is its model's. Codex says nothing of its waits: with a locked <c>state_5.sqlite</c> it is silent for 15 s and then goes on, and
/// with a required MCP server that does not answer it is silent for 30 s and then fails (measured on 0.169.0 and 0.171.0). Part of the
/// actor of the turn's run.
/// </summary>
/// <param name="services">What <c>codex exec</c> needs.</param>
/// <param name="turn">The turn.</param>
internal sealed class SilentStart(ExecServices services, ExecTurn turn)
{
    private const string FirstTimer = "silent-first";
    private const string Timer = "silent";

    // Longer than a codex holds a lock in passing.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private Task<ImmutableArray<HomeLock>>? _firstLook;
    private bool _isTold;

    private TimeSpan? Limit => services.Settings.WaitingNotice;

    private string After => string.Create(CultureInfo.InvariantCulture, $"after {Limit?.TotalSeconds:0.###} s");

    /// <summary>
    /// Watches an attempt from its beginning, unless the turn's readers were told of an earlier one or are not to be told at all.
    /// </summary>
    public void Watch(ITimerScheduler timers)
    {
        if (!_isTold && Limit is { } limit)
        {
            _firstLook = null;
            var first = limit < 2 * BetweenLooks ? limit / 2 : limit - BetweenLooks;
            timers.StartSingleTimer(FirstTimer, new StillSilent(IsFirst: true), first);
            timers.StartSingleTimer(Timer, new StillSilent(IsFirst: false), limit);
        }
    }

    /// <summary>Stops watching: codex has exited.</summary>
    public static void Stop(ITimerScheduler timers)
    {
        timers.Cancel(FirstTimer);
        timers.Cancel(Timer);
    }

    /// <summary>
    /// Looks at the locks in codex's home a moment before the time, and then tells the readers what the turn waits for, if it still does.
    /// </summary>
    /// <param name="message">What a timer sent.</param>
    /// <param name="sink">Receives the notice: the turn's actor.</param>
    /// <param name="self">Receives the answer to it.</param>
    /// <param name="readsRollout">Whether the rollout of the turn's thread is being read.</param>
    public void On(StillSilent message, IActorRef sink, IActorRef self, bool readsRollout)
    {
        if (message.IsFirst)
        {
            _firstLook = LookAsync();
            return;
        }

        _isTold = true;
        var before = _firstLook ?? LookAsync();
        FileWork
            .Run(async () => Explain(readsRollout, await before.ConfigureAwait(false)))
            .PipeTo(sink, self, success: EventsOf, failure: e =>
                EventsOf($"The turn has not begun {After}, and what it waits for could not be found out: {e.Message}")
            );
    }

    private Task<ImmutableArray<HomeLock>> LookAsync() => FileWork.Run(() => HomeLock.Find(services.Settings.CodexHome));

    private static CodexBackendProtocol.Events EventsOf(string? message) =>
        new(message is null ? [] : [new CanonicalEvent.Notice(NoticeCodes.Waiting, message)]);

    // Null if it does not wait any more.
    private string? Explain(bool readsRollout, ImmutableArray<HomeLock> lockedBefore) =>
        turn.Mapper is { HasBegun: true } ? null
        : readsRollout ? $"The turn is still being prepared {After}: it waits for its thread's rollout to be read."
        : turn.Process is { } codex ? $"codex was started and has not begun the turn {After}. {ReasonOf(codex, lockedBefore)}"
        : $"The turn is still being prepared {After}: it waits for {MissingPart()}.";

    // In the order of the steps.
    private string MissingPart() =>
        turn.Images.IsDefault ? "its prompt to be written"
        : turn.Binary is null ? "codex to be found and to tell its version"
        : turn.Sandbox is null ? "its sandbox to be tried"
        : "its tools to be registered in codex's configuration, or codex to be started";

    private string ReasonOf(CodexProcess codex, ImmutableArray<HomeLock> lockedBefore)
    {
        // Behind a shim codex is among them, and waits for nobody's lock but others'.
        var children = Survivor.Find(codex.Identity, turn.TurnId);
        var own = children.Select(child => child.Identity.Pid).Append(codex.Identity.Pid).ToHashSet();
        if (HomeLock.InBoth(lockedBefore, HomeLock.Find(services.Settings.CodexHome), own) is { } locked)
        {
            return $"{locked.File} in codex's home is locked by {locked.Holder}.";
        }

        var servers = children.Where(child => child.Name != "codex").ToArray();
        return servers.Length == 0
            ? "No lock on a file in its home was found; it may wait for the network or a disk."
            : $"It may wait for an MCP server of its configuration. It has started {string.Join<Survivor>(", ", servers)}.";
    }
}

/// <summary>The turn has been silent for a while.</summary>
/// <param name="IsFirst">Whether this comes a moment before the time after which the readers are told.</param>
internal sealed record StillSilent(bool IsFirst);
