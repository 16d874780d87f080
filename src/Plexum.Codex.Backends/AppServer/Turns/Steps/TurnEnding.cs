using Akka.Actor;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns.Steps;

/// <summary>The end of a turn: what it left running, what its rollout says, what becomes of it. Belongs to an actor.</summary>
/// <param name="services">What turns need.</param>
/// <param name="turn">The turn.</param>
/// <param name="work">The turn while it ran.</param>
/// <param name="rollout">The agent's <see cref="RolloutActor"/>.</param>
/// <param name="parent">The turn's actor.</param>
/// <param name="self">The actor.</param>
internal sealed class TurnEnding(
    AppServerTurnServices services,
    ServerTurn turn,
    TurnWork work,
    IActorRef rollout,
    IActorRef parent,
    IActorRef self
)
{
    private readonly Sweeping _sweeping = new(turn, self);
    private bool _isUnloading;
    private bool _isRead;
    private string? _problem;

    /// <summary>Whether the reader of the rollout is gone.</summary>
    public bool IsRolloutLost { get; set; }

    /// <summary>Whether nothing of the turn is left running.</summary>
    public bool IsSwept { get; private set; }

    // What is left of a turn that was stopped, or whose server died, is killed. After another, a server that the model started in the
    // background may be exactly what was asked for.
    private bool Kills => work.Stopping.Cause is not null || work.Lost is not null || work.Failure is not null;

    /// <summary>The turn is over for the server.</summary>
    public void Begin(ITimerScheduler timers)
    {
        timers.CancelAll();
        work.Mapper.Close();
        Sweep(timers);
    }

    /// <summary>The server is gone, or seems to be: what was asked of it may never have reached it.</summary>
    /// <param name="reason">Why it is gone.</param>
    /// <param name="timers">The actor's timers.</param>
    public void SweepAgain(string reason, ITimerScheduler timers)
    {
        work.Lost ??= work.Mapper.Status is null ? reason : null;
        if (!IsSwept)
        {
            Sweep(timers);
        }
    }

    /// <summary>The server has unloaded the thread, or has not.</summary>
    public void Take(AppServerProtocol.Unloaded unloaded, ITimerScheduler timers)
    {
        (_isUnloading, _problem) = (unloaded.Problem is not null, unloaded.Problem);
        if (_isUnloading)
        {
            Sweeping.Clean(work.Server, timers);
        }
        else
        {
            Look(timers);
        }
    }

    /// <summary>Looks for what is left.</summary>
    public void Look(ITimerScheduler timers)
    {
        if (!IsSwept)
        {
            _sweeping.Look(Kills, timers);
        }
    }

    /// <summary>What was left is known.</summary>
    public void Take(Swept swept, ITimerScheduler timers)
    {
        if (IsSwept || _sweeping.LooksAgain(swept, Kills, timers))
        {
            return;
        }

        IsSwept = true;
        work.Mapper.Tell(_sweeping.ToNotice());
        work.Mapper.Tell(_isUnloading ? Sweeping.NotUnloaded(_problem) : null);
    }

    // The server died before it told that it had begun the turn.
    private void NameThread(bool hasRollout)
    {
        if (hasRollout && work.Server.Id is not null)
        {
            work.NameThread();
        }
        else
        {
            work.Server.Id = null;
        }
    }

    private void Sweep(ITimerScheduler timers)
    {
        _isUnloading = Kills || work.Mapper.HasAgents;
        if (_isUnloading)
        {
            Sweeping.Unload(work.Server, timers);
        }
        else if (work.Mapper.HasCommands)
        {
            Sweeping.Clean(work.Server, timers);
        }
        else
        {
            IsSwept = true;
        }
    }

    /// <summary>Reads the rollout, once all before is told. The reply is <see cref="RolloutProtocol.TurnRead"/>.</summary>
    /// <returns>Whether it is read now.</returns>
    public bool Read(ITimerScheduler timers)
    {
        if (!IsSwept || _isRead)
        {
            return false;
        }

        work.TellAll(timers);
        if (!work.IsTold)
        {
            return false;
        }

        _isRead = true;
        parent.Tell(CodexBackendProtocol.Finishing.Instance);
        if (IsRolloutLost || work.Server.Id is not { } thread)
        {
            self.Tell(new RolloutProtocol.TurnRead(turn.TurnId, IsRolloutLost ? Unread : RolloutFindings.None));
            return true;
        }

        // Tool calls that cannot be written are read all the same, for the tokens that stand behind them.
        var resumed = ThreadId.TryParse(turn.Record?.ResumedThread, out var asked) ? asked : (ThreadId?)null;
        var sink = work.Failure is null ? parent : self;
        var read = new RolloutProtocol.ReadTurn(turn.TurnId, thread, resumed, turn.Rollout, sink)
        {
            Told = work.Calls.Told,
            // While nobody looked after the server, another program may have run a turn.
            CodexTurn = work.Lost is null ? null : turn.Record?.ServerTurnId,
        };
        rollout.Tell(read, self);
        return true;
    }

    /// <summary>What is said of calls that could not be read because their reader failed.</summary>
    public static RolloutFindings Unread { get; } =
        RolloutFindings.Of(
            NoticeCodes.RolloutUnreadable,
            "plexum-codex failed while reading the turn's tool calls, so some may be missing; see the program's log."
        );

    /// <summary>The end of the turn.</summary>
    public BackendEnd Finish(RolloutFindings findings)
    {
        if (work.IsUnnamed)
        {
            NameThread(findings.Messages is not null);
        }

        var end = work.Mapper.Finish(
            new ServerTurnEnd(work.Server.Id, work.Stopping.Cause, work.Failure, findings) { Lost = work.Lost, MayGoOn = _isUnloading }
        ) with
        {
            CodexHome = services.CodexHome,
        };

        // What the turn has used is known, even if its events could not be written.
        return work.Failure is null ? end : end with { Answer = null, Notices = [] };
    }
}
