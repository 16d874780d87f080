using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Turns.Steps;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.Processes.Table;
using Plexum.Codex.Waiting;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>
/// Notices when a turn has been silent for a while before the server works on it, and tells what it waits for. Once the turn has begun, a
/// silence is its model's. With a locked <c>state_5.sqlite</c> the server answers <c>turn/start</c> at once and says <c>turn/started</c>
/// only when the file is free; with a required MCP server that is slow it does not answer <c>thread/start</c>, and names that server only
/// afterwards, so what it has started is looked for (measured on 0.169.0 and 0.171.0). Belongs to an actor.
/// </summary>
/// <param name="services">What turns need.</param>
/// <param name="turn">The turn.</param>
/// <param name="work">What the server has said of it.</param>
/// <param name="self">The actor, which gets <see cref="StillSilent"/> and <see cref="SilenceExplained"/>.</param>
internal sealed class SilentOpening(AppServerTurnServices services, ServerTurn turn, TurnWork work, IActorRef self)
{
    private readonly SilenceWatch _watch = new(services.Settings.WaitingNotice, services.CodexHome);
    private AppServerTurnPhase _phase;
    private bool _isReturning;
    private long _since;

    private bool IsSilent =>
        !work.Mapper.HasBegun
        && work.Stopping.Cause is null
        && (_phase == AppServerTurnPhase.Running ? !_isReturning : _phase is > AppServerTurnPhase.Idle and < AppServerTurnPhase.Running);

    /// <summary>The actor goes on. It is watched from where it leaves <see cref="AppServerTurnPhase.Idle"/>.</summary>
    /// <returns>The phase.</returns>
    public AppServerTurnPhase Enter(AppServerTurnPhase phase, ITimerScheduler timers)
    {
        if (_phase == AppServerTurnPhase.Idle && !turn.Logged.HasNotice(NoticeCodes.Waiting))
        {
            (_isReturning, _since) = (phase == AppServerTurnPhase.Opening, ProcessIdentity.NowInTicks);
            _watch.Begin(timers);
        }

        if (phase == AppServerTurnPhase.Idle)
        {
            SilenceWatch.Stop(timers);
        }

        return _phase = phase;
    }

    /// <summary>Finds out what the turn waits for, if it does.</summary>
    public void On(StillSilent message)
    {
        if (_watch.Look(message) is { } before && IsSilent)
        {
            var (phase, server) = (_phase, turn.Server);
            FileWork
                .Run(async () => Explain(phase, server, await before.ConfigureAwait(false)))
                .PipeTo(self, success: found => new SilenceExplained(found), failure: e => new SilenceExplained(_watch.Unexplained(e)));
        }
    }

    /// <summary>Tells it to the readers, if the turn still waits.</summary>
    public void Tell(SilenceExplained explained, ITimerScheduler timers)
    {
        if (IsSilent)
        {
            work.Mapper.Tell(new CanonicalEvent.Notice(NoticeCodes.Waiting, explained.Message));
            work.TellAll(timers);
        }
    }

    private string Explain(AppServerTurnPhase phase, AppServerProtocol.ServerMark? server, ImmutableArray<HomeLock> lockedBefore) =>
        phase switch
        {
            AppServerTurnPhase.Readying => $"The turn is still being prepared {_watch.After}: it waits for "
                + $"{(turn.Images.IsDefault ? "its prompt to be written" : "its sandbox to be tried, or codex to be found")}.",
            AppServerTurnPhase.Noting => $"The turn is still being prepared {_watch.After}: it waits for its thread's rollout to be read.",
            _ when server is null => $"codex's app-server has not taken the turn {_watch.After}: it is still being started.",
            AppServerTurnPhase.Opening => $"codex's app-server has not loaded the turn's thread {_watch.After}. "
                + ReasonOf(server, lockedBefore),
            _ => $"codex's app-server has not begun the turn {_watch.After}. {ReasonOf(server, lockedBefore)}",
        };

    // The server leads a session, in which its MCP servers stay and its commands do not (measured on 0.169.0 and 0.171.0).
    private string ReasonOf(AppServerProtocol.ServerMark server, ImmutableArray<HomeLock> lockedBefore)
    {
        var own = ProcessEntry.ReadAll().FindAll(entry => entry.Session == server.Pid && !entry.IsZombie);
        var started = own.Where(entry => entry.Pid != server.Pid && entry.StartedAt >= _since && entry.Name != "codex")
            .Select(entry => new Survivor(new ProcessIdentity(entry.Pid, entry.StartedAt, ProcessIdentity.CurrentBootId), entry.Name));
        return _watch.Explain(lockedBefore, own.Select(entry => entry.Pid).ToHashSet(), [.. started]);
    }
}

/// <summary>What a silent turn waits for, as a sentence.</summary>
internal sealed record SilenceExplained(string Message) : IDeadLetterSuppression;
