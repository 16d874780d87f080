using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Admission;
using Plexum.Codex.Backend;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Owns one agent's workspace: its queue, its slot, and the current turn or consume. Only one of those runs at a time.
/// Parent: <see cref="AgentRegistryActor"/>; children: the <see cref="TurnActor"/> of the current turn and, once needed, one
/// <see cref="RolloutActor"/> and one <see cref="ToolBridgeActor"/>. Phases: <see cref="AgentWork"/>. If it fails, the registry
/// restarts it, and its turns end with an error that says so.
/// </summary>
public sealed class AgentActor : ReceiveActor, IWithTimers
{
    private readonly AgentServices _services;
    private readonly TurnServices _forTurns;
    private readonly AgentId _id;
    private readonly TurnQueue _queue;
    private readonly TurnIntake _intake;
    private readonly OrphanedTurns _orphans;
    private readonly ConsumeDesk _consumes;
    private readonly TurnNews _news;
    private readonly SlotWait _slotWait;
    private readonly ChildLease _rollout;
    private readonly ChildLease _tools;
    private SlotLease _slot = null!;
    private AgentWork _work;
    private CurrentTurn? _turn;
    private long _turns;

    /// <summary>Use <see cref="Props"/> to create the actor.</summary>
    public AgentActor(AgentServices services, AgentId id)
    {
        ArgumentNullException.ThrowIfNull(services);
        (_services, _id) = (services, id);
        var log = Context.GetLogger();
        _forTurns = services.ForTurns(log);
        _queue = new TurnQueue(services.Settings.QueueLimit);
        _intake = new TurnIntake(services, id, _queue, log);
        _orphans = new OrphanedTurns(services, id, log);
        _consumes = new ConsumeDesk(services, id, log);
        _news = new TurnNews(services, id, log);
        _slotWait = new SlotWait(services, id, _forTurns, log);
        _rollout = new ChildLease(Context, RolloutActor.Props(services.ForRollouts), "rollout");
        _tools = new ChildLease(Context, ToolBridgeActor.Props(services.ForTools, id), "tools");
        ReceiveAsync<AgentProtocol.SubmitTurn>(OnSubmit);
        ReceiveAsync<AgentProtocol.RecoverTurns>(OnRecover);
        Receive<AgentProtocol.CancelTurn>(OnCancel);
        Receive<AgentProtocol.SteerTurn>(steer => CurrentTurn.Pass(_turn, _queue, steer, Sender));
        Receive<AgentProtocol.AnswerApproval>(answer => CurrentTurn.Pass(_turn, answer, Sender));
        Receive<AgentProtocol.Consume>(OnConsume);
        Receive<AgentProtocol.ChangeTools>(OnChangeTools);
        Receive<AgentProtocol.GetAgent>(_ =>
            Sender.Tell(new AgentProtocol.AgentSnapshot(_id, AgentWorks.Seen(_work, _turn?.Phase), _turn?.Queued.TurnId, _queue.Ids))
        );
        Receive<AdmissionProtocol.SlotGranted>(OnSlot);
        Receive<AskForSlotAgain>(_ => _slot.AskAgain(), _ => _work == AgentWork.WaitingForSlot);
        Receive<SlotIsLate>(_ => _slot.AskWhy(), _ => IsToTellOfWait);
        ReceiveAsync<AdmissionProtocol.Place>(OnPlaceAsync);
        Receive<TurnProtocol.IReport>(OnReport, _ => Sender.Equals(_turn?.Actor));
        Receive<TurnProtocol.IReport>(_ => { }); // From a turn that this actor abandoned when it was restarted.
        Receive<TurnLost>(OnTurnLost);
        Receive<RolloutProtocol.IConsumeAnswer>(OnConsumeAnswered);
        Receive<ChildLost>(OnChildLost);
        Receive<AgentRegistryProtocol.StopIfIdle>(_ => OnStopIfIdle());
        Receive<ReceiveTimeout>(_ => Context.Parent.Tell(new AgentRegistryProtocol.Passivate(_id)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The props of an agent's actor.</summary>
    public static Props Props(AgentServices services, AgentId id) => Akka.Actor.Props.Create(() => new AgentActor(services, id));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _slot = new SlotLease(_id, _services.Admission, Timers, _services.Settings.WaitingNotice);
        SetReceiveTimeout(_services.Settings.IdleTimeout);
    }

    /// <summary>No child is restarted: a turn would do its work twice, and the others are created again on demand.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>Runs on the failed actor and ends all its work, so that no one keeps waiting for it.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
        var failure = BackendFailure.Internal($"plexum-codex failed while handling the agent: {reason.Message}");
        if (_turn is { } turn)
        {
            _ = _news.EndedLaterAsync(turn.Queued, turn.Hold.Abandon(new BackendResult.Failed(failure)), StopReason.Error, null);
        }

        _consumes.TryFail(failure.Message);
        while (_queue.TryTake(out var work))
        {
            if (work is QueuedTurn queued)
            {
                _ = _news.EndUnstartedAsync(queued, failure);
            }
            else
            {
                _consumes.Fail((QueuedConsume)work, failure.Message);
            }
        }

        _slot.Return();
        base.PreRestart(reason, message);
    }

    /// <summary>
    /// codex keeps running, even for a queued recovered turn, so a later process needs the turn's log and lock. A consume is not recorded
    /// anywhere, so its asker would wait forever.
    /// </summary>
    protected override void PostStop()
    {
        _turn?.Hold.Leave();
        foreach (var queued in _queue.Turns)
        {
            queued.Hold?.Leave();
        }

        _consumes.TryFail(ConsumeDesk.AgentStopped);
        foreach (var consume in _queue.Consumes)
        {
            _consumes.Fail(consume, ConsumeDesk.AgentStopped);
        }
    }

    private async Task OnSubmit(AgentProtocol.SubmitTurn command)
    {
        var submitter = Sender;
        submitter.Tell(await _intake.AdmitAsync(command, _turn is not null));
        StartNext();
    }

    // No other message is handled until all turns are checked, so no newer turn overtakes them and no cancel interferes.
    private async Task OnRecover(AgentProtocol.RecoverTurns command)
    {
        var asker = Sender;
        var known = _queue.Ids.ToHashSet();
        var answer = await _orphans.QueueAsync(
            command.Turns.Where(orphan => known.Add(orphan.TurnId) && _turn?.Queued.TurnId != orphan.TurnId).ToList(),
            _queue,
            _news
        );
        StartNext();

        // Once the turn's actor answers, a running codex has its slot and deadline. Slots are granted once every agent has answered.
        if (_turn is { } turn)
        {
            await turn.Actor.Ask<ActorIdentity>(new Identify(null));
        }

        asker.Tell(answer);
    }

    private void StartNext()
    {
        if (_work != AgentWork.Nothing)
        {
            return;
        }

        if (_queue.Head is not { } next)
        {
            _slot.Return();
            SetReceiveTimeout(_services.Settings.IdleTimeout);
            return;
        }

        SetReceiveTimeout(null);
        if (_slot.IsNeeded && next is QueuedTurn { Hold: null })
        {
            Enter(AgentWork.WaitingForSlot);
            _slot.Request();
            return;
        }

        _queue.TryTake(out _);
        if (next is QueuedTurn turn)
        {
            Begin(turn);
        }
        else
        {
            Enter(AgentWork.Consume);
            _consumes.Begin((QueuedConsume)next, _rollout.Get());
        }
    }

    private void OnSlot(AdmissionProtocol.SlotGranted granted)
    {
        if (_slot.TryTake(granted) && _queue.Head is QueuedTurn next)
        {
            _queue.TryTake(out _);
            Begin(next);
        }
    }

    private bool IsToTellOfWait => _work == AgentWork.WaitingForSlot && _queue.Head is QueuedTurn { IsToldOfWait: false };

    private async Task OnPlaceAsync(AdmissionProtocol.Place place)
    {
        if (IsToTellOfWait)
        {
            _queue.ReplaceHead(await _slotWait.TellAsync((QueuedTurn)_queue.Head!, place));
        }
    }

    // The turn that needed the slot may have been cancelled, and another one may need it now.
    private void ReleaseUnneededSlot()
    {
        if (_work == AgentWork.WaitingForSlot && _queue.Head is not QueuedTurn)
        {
            _slot.Return();
            Rest();
        }
        else if (IsToTellOfWait)
        {
            _slot.Watch();
        }
    }

    private void Begin(QueuedTurn queued)
    {
        if (queued.Refusal is { } refusal && queued.Hold is null)
        {
            _slot.Return();
            _ = _news.EndUnstartedAsync(queued, BackendFailure.Of(new TurnRefusedException(refusal)));
            Rest();
            return;
        }

        if (queued.Hold is not null)
        {
            _slot.Occupy();
        }

        var hold = queued.Hold ?? new TurnHold(_forTurns, queued.Turn);
        var props = TurnActor.Props(hold, _rollout.Get(), queued.Turn.HasTools ? _tools.Get() : null);
        var actor = Context.ActorOf(props, FormattableString.Invariant($"turn-{queued.TurnId.Value}-{++_turns}"));
        Context.WatchWith(actor, new TurnLost(actor));
        _turn = new CurrentTurn(queued, hold, actor) { Phase = queued.Hold is null ? TurnPhase.Preparing : TurnPhase.Running };
        Enter(AgentWork.Turn);
    }

    private void OnReport(TurnProtocol.IReport report)
    {
        switch (report)
        {
            case TurnProtocol.Begun:
                _news.Started(_turn!.Queued);
                break;
            case TurnProtocol.Ended ended:
                End(_turn!, ended);
                break;
            default:
                _turn!.Note(report);
                break;
        }
    }

    private void End(CurrentTurn turn, TurnProtocol.Ended ended)
    {
        Context.Unwatch(turn.Actor);
        Context.Stop(turn.Actor);
        _turn = null;
        _slot.Return();
        _news.Ended(turn.Queued, ended);
        Rest();
    }

    // The turn's actor failed, so its hold ends the turn. The agent runs nothing else until then.
    private void OnTurnLost(TurnLost lost)
    {
        if (_turn is { } turn && lost.Actor.Equals(turn.Actor))
        {
            turn.Phase = TurnPhase.Settling;
            _tools.Existing?.Tell(new ToolBridgeProtocol.CloseTurn(turn.Queued.TurnId));
            turn.Hold.Abandon(new BackendResult.Failed(BackendFailure.Internal("plexum-codex failed while running the turn.")))
                .PipeTo(
                    Self,
                    turn.Actor,
                    outcome => new TurnProtocol.Ended(outcome, null),
                    e => _news.Unrecorded(e, StopReason.Error, null)
                );
        }
    }

    private void OnCancel(AgentProtocol.CancelTurn command)
    {
        var outcome = CancelOutcome.NotFound;
        if (_turn is { } turn && turn.Queued.TurnId == command.TurnId)
        {
            outcome = turn.Cancel(command.Force);
        }
        else if (_queue.TryRemove(command.TurnId, out var queued))
        {
            // Answered only once the end is written, so that a second cancel finds a turn that has ended.
            var answer = new AgentProtocol.CancelAnswered(_id, command.TurnId, CancelOutcome.Dequeued);
            _news.EndUnstartedAsync(queued, null).PipeTo(Sender, Self, success: () => answer);
            ReleaseUnneededSlot();
            return;
        }

        Sender.Tell(new AgentProtocol.CancelAnswered(_id, command.TurnId, outcome));
    }

    private void OnChangeTools(AgentProtocol.ChangeTools command)
    {
        var outcome = ToolsChangeOutcome.NotServed;
        if (_turn is { ServesTools: true } turn && turn.Queued.TurnId == command.TurnId && _tools.Existing is { } bridge)
        {
            bridge.Tell(new ToolBridgeProtocol.ChangeTools(command.TurnId, command.Tools));
            outcome = ToolsChangeOutcome.Changed;
        }

        Sender.Tell(new AgentProtocol.ToolsChangeAnswered(_id, command.TurnId, outcome));
    }

    private void OnConsume(AgentProtocol.Consume command)
    {
        if (_consumes.Take(command, Sender, _queue.IsFull) is { } consume)
        {
            _queue.Add(consume);
            StartNext();
        }
    }

    private void OnConsumeAnswered(RolloutProtocol.IConsumeAnswer answer)
    {
        if (_consumes.TryEnd(answer))
        {
            Rest();
        }
    }

    private void OnChildLost(ChildLost lost)
    {
        _tools.Forget(lost);
        if (_rollout.Forget(lost) && _consumes.TryFail())
        {
            Rest();
        }
    }

    private void OnStopIfIdle()
    {
        if (_work == AgentWork.Nothing)
        {
            Context.Stop(Self);
        }
        else
        {
            Context.Parent.Tell(new AgentRegistryProtocol.StayActive(_id));
        }
    }

    private void Rest()
    {
        Enter(AgentWork.Nothing);
        StartNext();
    }

    private void Enter(AgentWork work)
    {
        if (!AgentWorks.Allow(_work, work))
        {
            throw new InvalidOperationException($"The agent {_id} cannot go from {_work} to {work}.");
        }

        _work = work;
    }

    private sealed record TurnLost(IActorRef Actor) : IDeadLetterSuppression;
}
