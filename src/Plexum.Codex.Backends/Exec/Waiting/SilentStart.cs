using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Processes;
using Plexum.Codex.Waiting;

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
    private readonly SilenceWatch _watch = new(services.Settings.WaitingNotice, services.Settings.CodexHome);

    /// <summary>Watches an attempt from its beginning, unless the turn's readers were told of an earlier one.</summary>
    public void Watch(ITimerScheduler timers) => _watch.Begin(timers);

    /// <summary>Stops watching: codex has exited.</summary>
    public static void Stop(ITimerScheduler timers) => SilenceWatch.Stop(timers);

    /// <summary>Tells the readers what the turn waits for, if it still does.</summary>
    /// <param name="message">What a timer sent.</param>
    /// <param name="sink">Receives the notice: the turn's actor.</param>
    /// <param name="self">Receives the answer to it.</param>
    /// <param name="readsRollout">Whether the rollout of the turn's thread is being read.</param>
    public void On(StillSilent message, IActorRef sink, IActorRef self, bool readsRollout)
    {
        if (_watch.Look(message) is { } before)
        {
            FileWork
                .Run(async () => Explain(readsRollout, await before.ConfigureAwait(false)))
                .PipeTo(sink, self, success: EventsOf, failure: e => EventsOf(_watch.Unexplained(e)));
        }
    }

    private static CodexBackendProtocol.Events EventsOf(string? message) =>
        new(message is null ? [] : [new CanonicalEvent.Notice(NoticeCodes.Waiting, message)]);

    // Null if it does not wait any more.
    private string? Explain(bool readsRollout, ImmutableArray<HomeLock> lockedBefore) =>
        turn.Mapper is { HasBegun: true } ? null
        : readsRollout ? $"The turn is still being prepared {_watch.After}: it waits for its thread's rollout to be read."
        : turn.Process is { } codex ? $"codex was started and has not begun the turn {_watch.After}. {ReasonOf(codex, lockedBefore)}"
        : $"The turn is still being prepared {_watch.After}: it waits for {MissingPart()}.";

    // In the order of the steps.
    private string MissingPart() =>
        turn.Images.IsDefault ? "its prompt to be written"
        : turn.Binary is null ? "codex to be found and to tell its version"
        : turn.Sandbox is null ? "its sandbox to be tried"
        : "its tools to be registered in codex's configuration, or codex to be started";

    // Behind a shim codex is among its children.
    private string ReasonOf(CodexProcess codex, ImmutableArray<HomeLock> lockedBefore)
    {
        var children = Survivor.Find(codex.Identity, turn.TurnId);
        var own = children.Select(child => child.Identity.Pid).Append(codex.Identity.Pid).ToHashSet();
        return _watch.Explain(lockedBefore, own, [.. children.Where(child => child.Name != "codex")]);
    }
}
