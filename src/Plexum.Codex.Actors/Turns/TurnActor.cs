using Akka.Actor;
using Plexum.Codex.Backend;
using Plexum.Codex.Ledger;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns.Parts;
using static Plexum.Codex.Turns.Parts.TurnSteps;

namespace Plexum.Codex.Turns;

/// <summary>
/// Owns one turn, from its first file to its outcome: <c>Prepare → Next → (OpenTools → Next) → StartBackend → OnEnded → Settle</c>.
/// Parent: the agent's actor; child: the actor that the backend creates for the turn. Phases: <see cref="TurnPhase"/>, with the
/// transitions in <see cref="TurnPhases"/>. If it fails, its parent stops it and ends the turn through <see cref="TurnHold"/>, which
/// kills codex and writes the end. Late messages reach a dead actor and are ignored.
/// </summary>
internal sealed partial class TurnActor : ReceiveActor, IWithTimers
{
    private readonly TurnHold _hold;
    private readonly TurnToRun _turn;
    private readonly IActorRef _rollout;
    private readonly IActorRef? _bridge;
    private readonly TurnTools _tools;
    private readonly ThreadWait _wait;
    private readonly Steering _steering;
    private readonly Questioning _questions;
    private IActorRef? _run;
    private TurnPhase _phase;
    private StopCause? _stop;
    private int _attempt;

    public TurnActor(TurnHold hold, IActorRef rollout, IActorRef? bridge)
    {
        (_hold, _turn, _rollout, _bridge) = (hold, hold.Turn, rollout, bridge);
        _tools = new TurnTools(hold, bridge);
        _wait = new ThreadWait(hold.Services.ThreadBusyLimit);
        _steering = new Steering(said => Keep(() => hold.Recorder!.Append(said)));
        _questions = new Questioning(new QuestionedTurn(hold), Self, () => Stop(StopCause.Cancelled, force: false), Lost);
        Receive<Opened>(OnOpened);
        Receive<StepDone>(OnStepDone, _ => !_phase.IsEnding());
        Receive<CodexBackendProtocol.Events>(OnEvents);
        Receive<CodexBackendProtocol.IReport>(_ => { }, _ => _phase is TurnPhase.Settling or TurnPhase.Ended); // The run was abandoned.
        Receive<ToolBridgeProtocol.TurnOpened>(opened => GoOn(opened.Failure), _tools.TryTake);
        Receive<ToolBridgeProtocol.TurnOpened>(_ => { }); // Of tools that were opened before.
        Receive<CodexBackendProtocol.IToolReport>(report => _tools.Take(report, Sender));
        Receive<BridgeLost>(_ => GoOn(_tools.Lose()));
        Receive<CodexBackendProtocol.ThreadNamed>(named => Keep(() => _hold.NameThread(named.Thread)));
        Receive<CodexBackendProtocol.BeginNewThread>(OnBeginNewThread);
        Receive<CodexBackendProtocol.WaitForThread>(OnWaitForThread);
        Receive<CodexBackendProtocol.StartAgain>(_ => OnStartAgain());
        Receive<TryThreadAgain>(_ => Next());
        Receive<CodexBackendProtocol.SteerAnswered>(_steering.Answer);
        Receive<CodexBackendProtocol.IQuestionReport>(report => _questions.Take(report, Sender, Timers));
        Receive<IQuestionStep>(step => _questions.Take(step, Sender, Timers));
        Receive<CodexBackendProtocol.Finishing>(_ => Finish());
        Receive<CodexBackendProtocol.Ended>(OnEnded);
        Receive<RunLost>(_ => OnRunLost());
        Receive<NotKept>(OnNotKept);
        Receive<TurnProtocol.Steer>(steer => _steering.Pass(_phase == TurnPhase.Running ? _run : null, steer.Text, steer.By, Sender));
        Receive<TurnProtocol.Cancel>(cancel => Stop(StopCause.Cancelled, cancel.Force));
        Receive<DeadlineReached>(_ => OnDeadline());
        Receive<TurnProtocol.Ended>(OnSettled);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(TurnHold hold, IActorRef rollout, IActorRef? bridge) =>
        Akka.Actor.Props.Create(() => new TurnActor(hold, rollout, bridge));

    protected override void PreStart()
    {
        if (_bridge is not null)
        {
            Context.WatchWith(_bridge, new BridgeLost());
        }

        if (_hold.Recovered is { } recovered)
        {
            Recover(recovered);
        }
        else
        {
            Prepare();
        }
    }

    /// <summary>A failed run is not restarted: a second codex for the same turn would do its work twice.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Prepare()
    {
        DeadlineReached.Start(Timers, _turn.Request.Timeout ?? _hold.Services.Timeout);
        _hold.Do(() => TurnPreparation.OpenAsync(_hold)).PipeTo(Self, success: () => new Opened(null), failure: e => new Opened(e));
    }

    private void OnOpened(Opened opened)
    {
        if (opened.Failure is { } failure)
        {
            OnSettled(Unrecorded(failure));
            return;
        }

        Context.Parent.Tell(TurnProtocol.Begun.Instance);
        Step(_hold.Do(() => TurnPreparation.CompleteAsync(_hold)));
    }

    private void Step(Task work) => work.PipeTo(Self, success: () => new StepDone(null), failure: e => new StepDone(e));

    private void OnStepDone(StepDone done)
    {
        if (done.Failure is { } failure && _stop is null)
        {
            Settle(hold => TurnSettlement.Settle(hold, new BackendResult.Failed(BackendFailure.Of(failure))));
        }
        else
        {
            Next();
        }
    }

    // If codex has ended, no deadline is needed, and the age may come from a clock that was changed.
    private void Recover(RecoveredTurn recovered)
    {
        _phase = TurnPhase.Running;
        Context.Parent.Tell(TurnProtocol.Begun.Instance);
        if (!recovered.HasEnded)
        {
            DeadlineReached.Start(Timers, (_turn.Request.Timeout ?? _hold.Services.Timeout) - recovered.Age);
        }

        if (_tools.TryReopen(recovered.ToolTokenHash))
        {
            Context.Parent.Tell(TurnProtocol.ToolsOpened.Instance);
        }

        _attempt = 1;
        Run().Tell(new CodexBackendProtocol.Reattach(_turn.TurnId) { ThreadSeen = _hold.ThreadSeen });
    }

    private void Next()
    {
        if (!EndsNow() && _tools.AreToOpen)
        {
            Enter(TurnPhase.OpeningTools);
            _tools.Open();
        }
        else if (_stop is null)
        {
            StartBackend();
        }
    }

    /// <summary>Between two steps: ends the turn if a stop was requested meanwhile.</summary>
    private bool EndsNow()
    {
        if (_stop is { } cause)
        {
            SettleUnstarted(cause);
        }

        return _stop is not null;
    }

    // A recovered turn does not wait for its tools: codex got their address when it was started.
    private void GoOn(string? problem)
    {
        if (_phase != TurnPhase.OpeningTools)
        {
            return;
        }

        if (problem is { } reason)
        {
            LogNoTools(reason);
            Keep(() => _hold.Recorder!.Append(BackendFailure.ToolsUnavailable(reason)));
        }
        else
        {
            Context.Parent.Tell(TurnProtocol.ToolsOpened.Instance);
        }

        Next();
    }

    private void StartBackend()
    {
        Enter(TurnPhase.Running);
        LogStarting();
        _attempt++;
        Run().Tell(_hold.Start(_attempt, _tools.Server));
    }

    private IActorRef Run()
    {
        if (_run is null)
        {
            _run = Context.ActorOf(_hold.Run.PropsOf(_rollout), FormattableString.Invariant($"run-{_attempt}"));
            Context.WatchWith(_run, new RunLost());
        }

        return _run;
    }

    // The backend waits for the answer before it sends more, so a slow disk slows the reader of codex's output and fills no memory.
    private void OnEvents(CodexBackendProtocol.Events events) =>
        _hold
            .Do(() => _hold.Recorder!.Append(events.Batch))
            .PipeTo(
                Sender,
                success: () => CodexBackendProtocol.EventsKept.Instance,
                failure: e => new CodexBackendProtocol.EventsLost(e.Message)
            );

    private void OnBeginNewThread(CodexBackendProtocol.BeginNewThread begin)
    {
        if (EndsNow())
        {
            return;
        }

        Enter(TurnPhase.RenewingThread);
        Step(_hold.Do(() => _hold.GiveUpThread(begin.Notice)));
    }

    // The other writer may be a codex that outlived its daemon and is about to end, or a person who has the thread open.
    private void OnWaitForThread(CodexBackendProtocol.WaitForThread busy)
    {
        if (EndsNow())
        {
            return;
        }

        if (!_wait.HasBegun)
        {
            var notice = ThreadWait.Notice(busy.Writer, _hold.Thread);
            Keep(() => _hold.Recorder!.Append(notice));
        }

        if (_wait.Next() is { } wait)
        {
            Timers.StartSingleTimer(ThreadTimer, new TryThreadAgain(), wait);
            Enter(TurnPhase.WaitingForThread);
        }
        else
        {
            var failed = new BackendResult.Failed(_wait.Failure(busy.Writer, _hold.Thread));
            Settle(hold => TurnSettlement.Settle(hold, new BackendEnd(failed, hold.Thread, Usage.Zero, hold.Baseline ?? Usage.Zero)));
        }
    }

    private void OnStartAgain()
    {
        if (!EndsNow())
        {
            Enter(TurnPhase.WaitingForThread);
            Next();
        }
    }

    private void OnDeadline()
    {
        if (!_phase.IsEnding())
        {
            LogDeadline();
            Stop(StopCause.TimedOut, force: false);
        }
    }

    // A running backend is told to stop. Before and between its attempts, the turn ends at the next step.
    private void Stop(StopCause cause, bool force)
    {
        if (_phase.IsEnding())
        {
            return;
        }

        _stop ??= cause;
        _hold.CancelPreparation();
        switch (_phase)
        {
            case TurnPhase.Running or TurnPhase.Stopping:
                Enter(TurnPhase.Stopping);
                _run!.Tell(new CodexBackendProtocol.Stop(_stop.Value, force));
                break;
            case TurnPhase.WaitingForThread:
                Timers.Cancel(ThreadTimer);
                SettleUnstarted(_stop.Value);
                break;
        }
    }

    private void Finish()
    {
        _tools.Close();
        _questions.End();
        Enter(TurnPhase.Finishing);
    }

    private void OnEnded(CodexBackendProtocol.Ended ended)
    {
        Context.Unwatch(_run!);
        Settle(hold => TurnSettlement.Settle(hold, ended.End));
    }

    private void OnRunLost()
    {
        _run = null;
        if (_phase is TurnPhase.Running or TurnPhase.Stopping or TurnPhase.Finishing)
        {
            Settle(() => _hold.Abandon(new BackendResult.Failed(BackendFailure.RunLost())));
        }
    }

    // A write failed, or codex named another agent's thread. The backend is told about its own events and ends the turn itself.
    private void OnNotKept(NotKept lost)
    {
        if (!_phase.IsEnding())
        {
            Settle(() => _hold.Abandon(new BackendResult.Failed(lost.Failure)));
        }
    }

    private void SettleUnstarted(StopCause cause) =>
        Settle(hold => TurnSettlement.Settle(hold, new BackendResult.Stopped(cause, HasRun: false)));

    private void Settle(Func<TurnHold, TurnOutcome> settle) => Settle(() => _hold.Settle(settle));

    private void Settle(Func<Task<TurnOutcome>> settle)
    {
        _steering.End();
        var settlement = settle();
        Timers.CancelAll();
        _tools.Close();
        _questions.End();
        Enter(TurnPhase.Settling);
        settlement.PipeTo(Self, success: outcome => new TurnProtocol.Ended(outcome, null), failure: Unrecorded);
    }

    private TurnProtocol.Ended Unrecorded(Exception cause) =>
        TurnProtocol.Ended.Unrecorded(cause, BackendFailure.Of(cause), StopReason.Error, _hold.Services.Time);

    private void OnSettled(TurnProtocol.Ended ended)
    {
        Timers.CancelAll();
        if (_hold.Recorder?.SessionProblem is { } problem)
        {
            LogSessionProblem(problem);
        }

        Enter(TurnPhase.Ended);
        Context.Parent.Tell(ended);
    }

    private void Keep(Action write) => _hold.Do(write).PipeTo(Self, failure: Lost);

    private static NotKept Lost(Exception cause) => new(BackendFailure.NotRecorded(cause));

    private void Enter(TurnPhase phase)
    {
        if (!TurnPhases.Allow(_phase, phase))
        {
            throw new InvalidOperationException($"The turn {_turn.TurnId} cannot go from {_phase} to {phase}.");
        }

        _phase = phase;
        Context.Parent.Tell(new TurnProtocol.PhaseChanged(phase));
    }
}
