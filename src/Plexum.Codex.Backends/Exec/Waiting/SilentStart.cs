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
    private const string Timer = "silent";
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
            timers.StartSingleTimer(Timer, StillSilent.Instance, limit);
        }
    }

    /// <summary>Stops watching: codex has exited.</summary>
    public static void Stop(ITimerScheduler timers) => timers.Cancel(Timer);

    /// <summary>Tells the readers what the turn waits for, if it still does.</summary>
    /// <param name="sink">Receives the notice: the turn's actor.</param>
    /// <param name="self">Receives the answer to it.</param>
    /// <param name="readsRollout">Whether the rollout of the turn's thread is being read.</param>
    public void Tell(IActorRef sink, IActorRef self, bool readsRollout)
    {
        _isTold = true;
        FileWork
            .Run(() => Explain(readsRollout))
            .PipeTo(sink, self, success: EventsOf, failure: e =>
                EventsOf($"The turn has not begun {After}, and what it waits for could not be found out: {e.Message}")
            );
    }

    private static CodexBackendProtocol.Events EventsOf(string? message) =>
        new(message is null ? [] : [new CanonicalEvent.Notice(NoticeCodes.Waiting, message)]);

    // Null if it does not wait any more.
    private string? Explain(bool readsRollout) =>
        turn.Mapper is { HasBegun: true } ? null
        : readsRollout ? $"The turn is still being prepared {After}: it waits for its thread's rollout to be read."
        : turn.Process is { } codex ? $"codex was started and has not begun the turn {After}. {ReasonOf(codex)}"
        : $"The turn is still being prepared {After}: it waits for {MissingPart()}.";

    // In the order of the steps.
    private string MissingPart() =>
        turn.Images.IsDefault ? "its prompt to be written"
        : turn.Binary is null ? "codex to be found and to tell its version"
        : turn.Sandbox is null ? "its sandbox to be tried"
        : "its tools to be registered in codex's configuration, or codex to be started";

    private string ReasonOf(CodexProcess codex)
    {
        if (HomeLock.Find(services.Settings.CodexHome, codex.Identity.Pid) is { } locked)
        {
            return $"{locked.File} in codex's home is locked by {locked.Holder}.";
        }

        var children = Survivor.Find(codex.Identity, turn.TurnId);
        return children.IsEmpty
            ? "Nothing in its home is locked; it may wait for the network or a disk."
            : $"It may wait for an MCP server of its configuration. It has started {string.Join(", ", children)}.";
    }
}

/// <summary>The turn has been silent for a while.</summary>
internal sealed record StillSilent
{
    public static StillSilent Instance { get; } = new();
}
