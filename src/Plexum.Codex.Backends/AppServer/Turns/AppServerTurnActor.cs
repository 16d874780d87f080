using Akka.Actor;
using Akka.Event;
using Plexum.Codex.AppServer.Output;
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
    private AppServerTurnPhase _phase;

    public AppServerTurnActor(AppServerTurnServices services, ServerTurn turn, IActorRef rollout)
    {
        (_services, _turn, _rollout) = (services, turn, rollout);
        _work = new TurnWork(services, turn, rollout, Context.Parent, Self, Context.GetLogger());
        _opening = new TurnOpening(services, turn, _work, Self, Context.GetLogger());
        _ending = new TurnEnding(services, turn, _work, rollout, Context.Parent, Self);
        Receive<CodexBackendProtocol.Start>(OnStart);
        Receive<CodexBackendProtocol.Reattach>(OnReattach);
        Receive<CodexBackendProtocol.Stop>(stop => _work.Stop(stop, IsRunning, Timers));
        Receive<CodexBackendProtocol.Steer>(steer => _work.Steer(steer, IsRunning, IsReturning));
        Receive<CodexBackendProtocol.IEventsAnswer>(OnEventsAnswer);
        Receive<CodexBackendProtocol.Events>(_ => Sender.Tell(CodexBackendProtocol.EventsKept.Instance));
        Receive<Ready>(OnReady);
        Receive<RolloutProtocol.StartNoted>(noted => OnNoted(noted.Mark), _ => _phase == AppServerTurnPhase.Noting);
        Receive<AppServerProtocol.Opening>(opening => _turn.NoteServer(opening.Server));
        Receive<AppServerProtocol.ThreadOpened>(OnOpened);
        Receive<Recorded>(OnRecorded, _ => _phase == AppServerTurnPhase.Starting);
        Receive<AppServerProtocol.TurnStarted>(OnTurnStarted, _ => _phase == AppServerTurnPhase.Starting);
        Receive<AppServerProtocol.Said>(said => EndIf(_work.Take(said, IsRunning, Timers)));
        Receive<AppServerProtocol.Asked>(_work.Questions.Take);
        Receive<CodexBackendProtocol.IAnswer>(_work.Questions.Answer);
        Receive<AppServerProtocol.Answered>(it => OnAnswered(it.Method, new(SteerOutcome.Accepted) { Number = it.Number }));
        Receive<AppServerProtocol.Refused>(OnRefused);
        Receive<AppServerProtocol.Unloaded>(_ => EndIf(IsRunning));
        Receive<AppServerProtocol.ServerLost>(lost => OnServerLost(lost.Fault.Message));
        Receive<ServerActorLost>(_ => OnServerLost("plexum-codex failed while it spoke to it; see the program's log"));
        Receive<TellNow>(_ => OnEventsTimer());
        Receive<StopOverdue>(_ => EndIf(_work.IsOverdue(Timers)), _ => IsRunning);
        Receive<WriterFound>(found => WaitForThread(found.Writer ?? "another process"));
        Receive<ThreadLocated>(OnThreadLocated);
        Receive<RolloutProtocol.CallsRead>(OnCallsRead);
        Receive<SweepNext>(_ => _ending.Look(), _ => _phase == AppServerTurnPhase.Cleaning);
        Receive<Swept>(OnSwept, _ => _phase == AppServerTurnPhase.Cleaning);
        Receive<RolloutProtocol.TurnRead>(read => End(_ending.Finish(read.Findings)), _ => _phase == AppServerTurnPhase.Reading);
        Receive<RolloutLost>(_ => OnRolloutLost());
        Receive<NotNoted>(_work.Log);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsRunning => _phase == AppServerTurnPhase.Running;

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
        if (Start!.Thread is { } thread && !_ending.IsRolloutLost)
        {
            Enter(AppServerTurnPhase.Noting);
            _rollout.Tell(new RolloutProtocol.NoteStart(_turn.TurnId, thread));
        }
        else
        {
            Open();
        }
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
        if (_phase != AppServerTurnPhase.Opening)
        {
            // The connection was lost for a while.
            _work.Mapper.NoteGap();
        }
        else if (Start is null && _opening.Resumes(opened))
        {
            Run();
        }
        else if (Start is null)
        {
            OnServerLost("it does not know the turn");
        }
        else if (opened.Running is not null && !EndsNow())
        {
            // Another turn than this: to start one now would be to steer it.
            WaitForThread();
        }
        else if (_phase == AppServerTurnPhase.Opening && !EndsNow())
        {
            Enter(AppServerTurnPhase.Starting);
            _opening.Note(opened);
        }
    }

    private void OnRecorded(Recorded recorded)
    {
        if (recorded.Failure is { } failure)
        {
            EndFailed(BackendFailure.NotRecorded(failure));
        }
        else if (!EndsNow())
        {
            _opening.Begin();
        }
    }

    // Now the thread's rollout is on disk (measured on 0.169.0 and 0.171.0), so the thread can be resumed.
    private void OnTurnStarted(AppServerProtocol.TurnStarted started)
    {
        _work.Mapper.ServerTurnId ??= started.ServerTurnId;
        _work.Note(() => _turn.NoteServerTurn(started.ServerTurnId));
        Run();
    }

    private void Run()
    {
        Enter(AppServerTurnPhase.Running);
        EndIf(_work.Begin(Timers));
    }

    private void OnReattach(CodexBackendProtocol.Reattach reattach)
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
        if (IsRunning)
        {
            EndIf(_work.GoOn(Timers));
        }
        else
        {
            ReadRollout();
        }
    }

    private void OnCallsRead(RolloutProtocol.CallsRead read)
    {
        _work.Calls.Take(read);
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
            _ending.Look();
        }
    }

    private void OnRefused(AppServerProtocol.Refused refused)
    {
        switch (_phase, refused.Fault.Kind)
        {
            case (AppServerTurnPhase.Opening, _) when Start is null:
                OnServerLost(refused.Fault.Message);
                break;
            case (AppServerTurnPhase.Opening, _) when _opening.OpensAgain(refused.Fault):
                break;
            case (AppServerTurnPhase.Opening, _):
                OnNotOpened(refused.Fault);
                break;
            case (AppServerTurnPhase.Starting, AppServerFaultKind.NoSuchThread):
                WaitForThread();
                break;
            case (AppServerTurnPhase.Starting, AppServerFaultKind.NoAnswer):
                // It may have begun.
                _work.Server.Unload();
                OnServerLost(refused.Fault.Message);
                break;
            case (AppServerTurnPhase.Starting, _):
                EndFailed(ThreadFaults.FailureOf(refused.Fault));
                break;
            default:
                OnAnswered(refused.Method, TurnWork.WhyNotSteered(refused));
                break;
        }
    }

    private void OnNotOpened(AppServerFault fault)
    {
        if (_opening.LooksInto(fault))
        {
            Enter(AppServerTurnPhase.Locating);
        }
        else
        {
            EndFailed(ThreadFaults.FailureOf(fault));
        }
    }

    // That codex does not find a thread is no reason to give it up: its disk may not be mounted.
    private void OnThreadLocated(ThreadLocated located)
    {
        if (EndsNow())
        {
            return;
        }

        if (_opening.GivesUp(located) is { } notice)
        {
            Enter(AppServerTurnPhase.Idle);
            Context.Parent.Tell(new CodexBackendProtocol.BeginNewThread(notice));
        }
        else
        {
            EndFailed(_opening.Explain(located));
        }
    }

    private void WaitForThread(string writer = "codex's app-server")
    {
        if (!EndsNow())
        {
            _work.Server.Close();
            Enter(AppServerTurnPhase.Idle);
            Context.Parent.Tell(new CodexBackendProtocol.WaitForThread(writer));
        }
    }

    private void OnServerLost(string reason)
    {
        switch (_phase)
        {
            case AppServerTurnPhase.Opening when Start is not null:
            case AppServerTurnPhase.Starting when !_work.Server.HasAsked:
                EndFailed(ServerFailure.Lost(reason, hasWorked: false));
                break;
            case AppServerTurnPhase.Opening or AppServerTurnPhase.Starting or AppServerTurnPhase.Running:
                _work.Lost = reason;
                EndTurn();
                break;
            case AppServerTurnPhase.Cleaning:
                _work.Lost ??= _work.Mapper.Status is null ? reason : null;
                _ending.Look();
                break;
        }
    }

    private void EndIf(bool isOver)
    {
        if (isOver)
        {
            EndTurn();
        }
    }

    private void EndTurn()
    {
        Enter(AppServerTurnPhase.Cleaning);
        _ending.Begin(Timers);
        ReadRollout();
    }

    private void OnSwept(Swept swept)
    {
        _ending.Take(swept, Timers);
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

    private void Enter(AppServerTurnPhase phase)
    {
        if (!AppServerTurnPhases.Allow(_phase, phase))
        {
            throw new InvalidOperationException($"The turn {_turn.TurnId} in codex's app-server cannot go from {_phase} to {phase}.");
        }

        _phase = phase;
    }
}
