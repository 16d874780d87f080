using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Turns.Steps;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;
using Plexum.Codex.Waiting;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>
/// Runs a turn in <c>codex app-server</c>: <c>Start → Ready → NoteRollout → Open → Record → StartTurn → EndTurn → ReadRollout → End</c>.
/// Parent: the turn's actor; no children. It speaks <see cref="CodexBackendProtocol"/> to its parent and <see cref="AppServerProtocol"/> to
/// the server. Phases: <see cref="AppServerTurnPhase"/>. When it fails, its parent stops it, kills the turn and ends it with an error.
/// </summary>
internal sealed class AppServerTurnActor : ReceiveActor, IWithTimers
{
    private readonly AppServerTurnServices _services;
    private readonly ServerTurn _turn;
    private readonly IActorRef _rollout;
    private readonly TurnWork _work;
    private readonly TurnOpening _opening;
    private readonly TurnEnding _ending;
    private readonly SilentOpening _silence;
    private AppServerTurnPhase _phase;

    public AppServerTurnActor(AppServerTurnServices services, ServerTurn turn, IActorRef rollout)
    {
        (_services, _turn, _rollout) = (services, turn, rollout);
        _work = new TurnWork(services, turn, rollout, Context.Parent, Self, Context.GetLogger());
        _opening = new TurnOpening(services, turn, _work, Self, Context.GetLogger());
        _ending = new TurnEnding(services, turn, _work, rollout, Context.Parent, Self);
        _silence = new SilentOpening(services, turn, _work, Self);
        Receive<CodexBackendProtocol.Start>(OnStart);
        Receive<CodexBackendProtocol.Reattach>(_ => OnReattach());
        Receive<CodexBackendProtocol.Stop>(OnStop);
        Receive<CodexBackendProtocol.Steer>(steer => _work.Steer(steer, IsBegun, IsReturning));
        Receive<CodexBackendProtocol.IEventsAnswer>(OnEventsAnswer);
        Receive<CodexBackendProtocol.Events>(_ => Sender.Tell(CodexBackendProtocol.EventsKept.Instance));
        Receive<Ready>(OnReady);
        Receive<RolloutProtocol.StartNoted>(noted => OnNoted(noted.Mark), _ => _phase == AppServerTurnPhase.Noting);
        Receive<AppServerProtocol.Opening>(opening => _turn.NoteServer(opening.Server));
        Receive<AppServerProtocol.ThreadOpened>(OnOpened);
        Receive<Recorded>(OnRecorded, _ => _phase == AppServerTurnPhase.Starting);
        Receive<BeginningKnown>(known => EndLost(known.Reason), known => known.HasBegun && IsDoubting);
        Receive<BeginningKnown>(_ => GiveBack(CodexBackendProtocol.StartAgain.Instance), _ => IsDoubting);
        Receive<AppServerProtocol.TurnStarted>(it => Run(it.ServerTurnId), _ => _phase == AppServerTurnPhase.Starting);
        Receive<AppServerProtocol.Said>(said => EndIf(_work.Take(said, IsRunning, Timers)));
        Receive<AppServerProtocol.Asked>(_work.Questions.Take);
        Receive<CodexBackendProtocol.IAnswer>(_work.Questions.Answer);
        Receive<AppServerProtocol.Declined>(it => EndIf(_work.Take(it, IsRunning, Timers)));
        Receive<AppServerProtocol.Answered>(it => OnAnswered(it.Method, new(SteerOutcome.Accepted) { Number = it.Number }));
        Receive<AppServerProtocol.Refused>(it => Take(TurnSetbacks.OfRefusal(_phase, IsReturning, _work.Server.HasAsked, it), it));
        Receive<AppServerProtocol.Unloaded>(it => _ending.Take(it, Timers), _ => _phase == AppServerTurnPhase.Cleaning);
        Receive<AppServerProtocol.Unloaded>(it => EndIf(it.Problem is null), _ => IsBegun);
        Receive<AppServerProtocol.ServerLost>(lost => OnLost(lost.Fault.Message));
        Receive<ServerActorLost>(
            _ => OnLost(ServerActorLost.Reason, AppServerFaultKind.NoAnswer),
            _ => ServerActorLost.Counts(Context.System)
        );
        Receive<TellNow>(_ => OnEventsTimer());
        Receive<StillSilent>(_silence.On);
        Receive<SilenceExplained>(explained => _silence.Tell(explained, Timers));
        Receive<StopOverdue>(_ => EndIf(_work.IsOverdue(Timers)), _ => IsBegun);
        Receive<WriterFound>(found => WaitForThread(found.Writer ?? "another process"));
        Receive<ThreadLocated>(OnThreadLocated);
        Receive<RolloutProtocol.CallsRead>(read => ReadRolloutAfter(() => _work.Calls.Take(read)));
        Receive<SweepNext>(_ => _ending.Look(Timers), _ => _phase == AppServerTurnPhase.Cleaning);
        Receive<Swept>(swept => ReadRolloutAfter(() => _ending.Take(swept, Timers)), _ => _phase == AppServerTurnPhase.Cleaning);
        Receive<RolloutProtocol.TurnRead>(read => End(_ending.Finish(read.Findings)), _ => _phase == AppServerTurnPhase.Reading);
        Receive<RolloutLost>(_ => OnRolloutLost());
        Receive<NotNoted>(_work.Log);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsRunning => _phase == AppServerTurnPhase.Running;

    // Before the server has answered, it may have begun the turn.
    private bool IsBegun => IsRunning || (_phase == AppServerTurnPhase.Starting && _work.Server.HasAsked);

    private bool IsDoubting => _opening.IsDoubting && _phase is AppServerTurnPhase.Opening or AppServerTurnPhase.Starting;

    private bool IsReturning => _phase == AppServerTurnPhase.Opening && Start is null;

    public static Props Props(AppServerTurnServices services, ServerTurn turn, IActorRef rollout) =>
        Akka.Actor.Props.Create(() => new AppServerTurnActor(services, turn, rollout));

    protected override void PreStart()
    {
        Context.WatchWith(_rollout, RolloutLost.Instance);
        Context.WatchWith(_services.Server, ServerActorLost.Instance);
    }

    private CodexBackendProtocol.Start? Start => _opening.Start;

    private void OnStart(CodexBackendProtocol.Start start)
    {
        Enter(AppServerTurnPhase.Readying);
        _opening.Prepare(start);
    }

    private void OnReady(Ready ready)
    {
        if (EndsNow())
        {
            return;
        }

        if (ready.Thread is not { } prepared)
        {
            EndFailed(ThreadFaults.FailureOf(ready.Failure!));
            return;
        }

        _opening.Take(prepared);
        if (Start!.Thread is not { } thread || _ending.IsRolloutLost)
        {
            Open();
            return;
        }

        Enter(AppServerTurnPhase.Noting);
        _rollout.Tell(new RolloutProtocol.NoteStart(_turn.TurnId, thread));
    }

    private void OnNoted(RolloutMark? mark)
    {
        _turn.Rollout = mark;
        if (!EndsNow())
        {
            Open();
        }
    }

    private void Open()
    {
        Enter(AppServerTurnPhase.Opening);
        _opening.Open(isRolloutKnown: Start!.Thread is not null && !_ending.IsRolloutLost);
    }

    private void OnOpened(AppServerProtocol.ThreadOpened opened)
    {
        _work.Server.Id = opened.Thread;
        switch (_phase)
        {
            case AppServerTurnPhase.Opening when Start is null:
            case AppServerTurnPhase.Starting when _work.Server.HasAsked:
            case AppServerTurnPhase.Running:
                // The turn of an earlier process, or there is a new connection to the server.
                GoOn(opened);
                break;
            case AppServerTurnPhase.Opening when opened.Running is not null:
                // Another turn than this: to start one now would be to steer it.
                WaitForThread();
                break;
            case AppServerTurnPhase.Opening when !EndsNow():
                Enter(AppServerTurnPhase.Starting);
                _opening.Note(opened);
                break;
            case AppServerTurnPhase.Ended:
                _work.Server.Close();
                break;
        }
    }

    private void GoOn(AppServerProtocol.ThreadOpened opened)
    {
        if (_opening.WhyNotResumed(opened) is { } kind)
        {
            OnLost("it does not know the turn", kind);
        }
        else if (IsRunning)
        {
            EndIf(_work.GoOn(Timers));
        }
        else
        {
            Run();
        }
    }

    private void OnRecorded(Recorded recorded)
    {
        if (recorded.Failure is { } failure)
        {
            EndFailed(BackendFailure.NotRecorded(failure));
        }
        else if (!EndsNow() && !_opening.Begins(recorded.Kept))
        {
            Open();
        }
    }

    // Now the thread's rollout is on disk (measured on 0.169.0 and 0.171.0), so the thread can be resumed.
    private void Run(string? serverTurn = null)
    {
        Enter(AppServerTurnPhase.Running);
        if ((_work.Mapper.ServerTurnId ??= serverTurn) is { } id)
        {
            _work.Note(() => _turn.NoteServerTurn(id));
        }

        EndIf(_work.Begin(Timers));
    }

    private void OnReattach()
    {
        Enter(AppServerTurnPhase.Opening);
        _opening.Reopen();
    }

    private void OnEventsAnswer(CodexBackendProtocol.IEventsAnswer answer)
    {
        _work.Take(answer, IsRunning, Timers);
        OnEventsTimer();
    }

    private void OnEventsTimer()
    {
        EndIf(IsRunning && _work.GoOn(Timers));
        ReadRollout();
    }

    private void OnAnswered(string? method, CodexBackendProtocol.SteerAnswered steered)
    {
        if (method == ServerThread.SteerMethod)
        {
            _work.AnswerSteer(steered);
        }
        else if (method == ServerThread.CleanMethod && _phase == AppServerTurnPhase.Cleaning)
        {
            _ending.Look(Timers);
        }
    }

    private void OnLost(string reason, AppServerFaultKind kind = AppServerFaultKind.ServerDown)
    {
        var setback = TurnSetbacks.OfLoss(_phase, IsReturning, _work.Server.HasAsked);
        Take(setback, new AppServerProtocol.Refused(_turn.TurnId, new AppServerFault(kind, reason)));
    }

    private void Take(TurnSetback setback, AppServerProtocol.Refused refused)
    {
        var fault = refused.Fault;
        switch (setback)
        {
            case TurnSetback.Waits when IsDoubting:
            case TurnSetback.Ends when !IsRunning && _opening.Doubts(fault):
            case TurnSetback.Fails or TurnSetback.IsLookedInto when _opening.OpensAgain(refused, _phase == AppServerTurnPhase.Starting):
                break;
            case TurnSetback.None:
                OnAnswered(refused.Method, TurnWork.WhyNotSteered(refused));
                break;
            case TurnSetback.IsLookedInto when _opening.LooksInto(fault):
                Enter(AppServerTurnPhase.Locating);
                break;
            case TurnSetback.Fails or TurnSetback.IsLookedInto:
                EndFailed(ThreadFaults.FailureOf(fault));
                break;
            case TurnSetback.Waits:
                WaitForThread();
                break;
            case TurnSetback.Ends when (IsReturning || refused.Method == AppServerMethods.Resume) && _opening.IsUnbegun(fault):
                GiveBack(CodexBackendProtocol.StartAgain.Instance);
                break;
            case TurnSetback.Ends:
                EndLost(fault.Message);
                break;
            case TurnSetback.SweepsAgain:
                _ending.SweepAgain(fault.Message, Timers);
                break;
        }
    }

    // That codex does not find a thread is no reason to give it up: its disk may not be mounted.
    private void OnThreadLocated(ThreadLocated located)
    {
        if (_opening.GivesUp(located) is { } notice)
        {
            GiveBack(new CodexBackendProtocol.BeginNewThread(notice));
        }
        else
        {
            EndFailed(_opening.Explain(located));
        }
    }

    private void WaitForThread(string writer = "codex's app-server") => GiveBack(new CodexBackendProtocol.WaitForThread(writer));

    private void GiveBack(CodexBackendProtocol.IReport why)
    {
        if (!EndsNow())
        {
            _work.Server.Close();
            Enter(AppServerTurnPhase.Idle);
            Context.Parent.Tell(why);
        }
    }

    // What has not begun need not be waited for.
    private void OnStop(CodexBackendProtocol.Stop stop)
    {
        _work.Stop(stop, IsBegun, Timers);
        if (Start is not null && !IsBegun && _phase is >= AppServerTurnPhase.Readying and <= AppServerTurnPhase.Starting)
        {
            _ = EndsNow();
        }
    }

    private void EndIf(bool isOver)
    {
        if (isOver)
        {
            EndTurn();
        }
    }

    private void EndLost(string reason)
    {
        _work.Lost = reason;
        EndTurn();
    }

    private void EndTurn()
    {
        Enter(AppServerTurnPhase.Cleaning);
        _ending.Begin(Timers);
        ReadRollout();
    }

    private void ReadRolloutAfter(Action step)
    {
        step();
        ReadRollout();
    }

    private void ReadRollout()
    {
        if (_phase == AppServerTurnPhase.Cleaning && _ending.Read(Timers))
        {
            Enter(AppServerTurnPhase.Reading);
        }
    }

    // The reply will not come, so the turn ends without its tool calls.
    private void OnRolloutLost()
    {
        _ending.IsRolloutLost = true;
        _work.Calls.Lose();
        if (_phase == AppServerTurnPhase.Noting)
        {
            OnNoted(null);
        }
        else if (_phase == AppServerTurnPhase.Reading)
        {
            End(_ending.Finish(TurnEnding.Unread));
        }
        else
        {
            ReadRollout();
        }
    }

    // Whatever it waited for, a turn that was told to stop before it began ends here.
    private bool EndsNow()
    {
        if (_phase != AppServerTurnPhase.Ended && _work.Stopping.Cause is { } cause)
        {
            End(BackendEnd.Without(new BackendResult.Stopped(cause, HasRun: false), Start?.Thread));
        }

        return _phase == AppServerTurnPhase.Ended;
    }

    private void EndFailed(TurnFailure failure)
    {
        if (!EndsNow())
        {
            End(new BackendEnd(new BackendResult.Failed(failure), Start?.Thread, Usage.Zero, Start?.Baseline ?? Usage.Zero));
        }
    }

    private void End(BackendEnd end)
    {
        Enter(AppServerTurnPhase.Ended);
        Timers.CancelAll();
        _work.Server.Close();
        Context.Parent.Tell(new CodexBackendProtocol.Ended(end));
    }

    private void Enter(AppServerTurnPhase phase) => _phase = _silence.Enter(AppServerTurnPhases.Enter(_phase, phase, _turn.TurnId), Timers);
}
