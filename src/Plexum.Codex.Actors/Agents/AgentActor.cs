using Akka.Actor;
using Plexum.Codex.Admission;
using Plexum.Codex.Backend;
using Plexum.Codex.Ledger;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Streams;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Owns one agent's workspace: its queue, its slot, and the turn or consume at hand, of which there is at most one.
/// Parent: <see cref="AgentRegistryActor"/>; children: the <see cref="TurnActor"/> of the turn at hand and, from the first need on, one
/// <see cref="RolloutActor"/> and one <see cref="ToolBridgeActor"/>. Phases: <see cref="AgentWork"/>. When it fails, the registry
/// restarts it; its turns end with an error that says so.
/// </summary>
public sealed partial class AgentActor : ReceiveActor, IWithTimers
{
    private readonly AgentServices _services;
    private readonly AgentId _id;
    private readonly TurnQueue _queue;
    private readonly OrphanedTurns _orphans;
    private readonly TurnNews _news;
    private readonly ChildLease _rollout;
    private readonly ChildLease _tools;
    private SlotLease _slot = null!;
    private AgentWork _work;
    private CurrentTurn? _turn;
    private QueuedConsume? _consume;
    private long _operations;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public AgentActor(AgentServices services, AgentId id)
    {
        ArgumentNullException.ThrowIfNull(services);
        (_services, _id) = (services, id);
        _queue = new TurnQueue(services.Settings.QueueLimit);
        _orphans = new OrphanedTurns(services, id);
        _news = new TurnNews(id, services.Ledger, services.Time, Context.System.EventStream, _log);
        _rollout = new ChildLease(Context, RolloutActor.Props(services.ForRollouts), "rollout");
        _tools = new ChildLease(Context, ToolBridgeActor.Props(services.ForTools, id), "tools");
        ReceiveAsync<AgentProtocol.SubmitTurn>(OnSubmit);
        ReceiveAsync<AgentProtocol.RecoverTurns>(OnRecover);
        Receive<AgentProtocol.CancelTurn>(OnCancel);
        Receive<AgentProtocol.Consume>(OnConsume);
        Receive<AgentProtocol.ChangeTools>(OnChangeTools);
        Receive<AgentProtocol.GetAgent>(_ => Sender.Tell(new AgentProtocol.AgentSnapshot(
            _id, AgentWorks.Seen(_work, _turn?.Phase), _turn?.Queued.TurnId, _queue.Ids)));
        Receive<AdmissionProtocol.SlotGranted>(OnSlot);
        Receive<AskForSlotAgain>(_ => _slot.AskAgain(), _ => _work == AgentWork.WaitingForSlot);
        Receive<TurnProtocol.IReport>(OnReport, _ => Sender.Equals(_turn?.Actor));
        Receive<TurnProtocol.IReport>(_ => { }); // From a turn that this actor abandoned before it was restarted.
        Receive<TurnLost>(OnTurnLost);
        Receive<RolloutProtocol.IConsumeAnswer>(OnConsumeAnswered);
        Receive<ChildLost>(OnChildLost);
        Receive<StopIfIdle>(_ => OnStopIfIdle());
        Receive<ReceiveTimeout>(_ => Context.Parent.Tell(new AgentRegistryProtocol.Passivate(_id)));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor of an agent.</summary>
    public static Props Props(AgentServices services, AgentId id) => Akka.Actor.Props.Create(() => new AgentActor(services, id));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        _slot = new SlotLease(_id, _services.Admission, Timers);
        SetReceiveTimeout(_services.Settings.IdleTimeout);
    }

    /// <summary>No child is restarted: a turn would do its work twice, and the others are made anew when they are needed again.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <summary>Called on the failed actor: nobody waits for a turn that will not come.</summary>
    protected override void PreRestart(Exception reason, object? message)
    {
        var failure = Failed($"plexum-codex failed while it dealt with the agent: {reason.Message}");
        if (_turn is { } turn)
        {
            _news.EndedLater(turn.Queued, turn.Hold.Abandon(new BackendResult.Failed(failure)), StopReason.Error, null);
        }

        if (_consume is { } consume)
        {
            AnswerConsume(consume.Sender, new AgentProtocol.ConsumeFailed(_id, new ConsumeFailure(ConsumeFailureReason.Host, failure.Message)));
        }

        while (_queue.TryTake(out var work))
        {
            if (work is QueuedTurn queued)
            {
                EndUnstarted(queued, failure);
            }
            else if (work is QueuedConsume waiting)
            {
                AnswerConsume(waiting.Sender, new AgentProtocol.ConsumeFailed(_id, new ConsumeFailure(ConsumeFailureReason.Host, failure.Message)));
            }
        }

        _slot.Return();
        base.PreRestart(reason, message);
    }

    /// <summary>codex runs on, also that of a recovered turn that waits; a later process needs its log and lock.</summary>
    protected override void PostStop()
    {
        foreach (var queued in _queue.Turns)
        {
            queued.Hold?.Leave();
        }
    }

    // Submissions are checked one after the other, so that the order in which they came is the order in which they run.
    private async Task OnSubmit(AgentProtocol.SubmitTurn command)
    {
        var submitter = Sender;
        AgentProtocol.IReply answer;
        try
        {
            answer = await Admit(command, submitter);
        }
        catch (LedgerUnavailableException e)
        {
            answer = Refuse(command.TurnId, new TurnRefusal(TurnRefusalReason.LedgerUnavailable, e.Message));
        }

        submitter.Tell(answer);
        StartNext();
    }

    private async Task<AgentProtocol.IReply> Admit(AgentProtocol.SubmitTurn command, IActorRef submitter)
    {
        var (turnId, request, key) = (command.TurnId, command.Request, command.IdempotencyKey);
        if (key is not null && await _services.Ledger.FindByKeyAsync(_id, key) is { } known)
        {
            return new AgentProtocol.TurnAccepted(_id, known, PositionOf(known), IsNew: false);
        }

        var check = await FileWork.Run(() => TurnCheck.Of(request, _services.Settings));
        if (check.Refusal is { } refusal)
        {
            return Refuse(turnId, refusal);
        }

        if (_queue.IsFull)
        {
            return Refuse(turnId, new TurnRefusal(TurnRefusalReason.QueueFull,
                $"codex: agent {_id} has {_queue.Count} turns waiting, which is the most it may have; wait for one to end, or raise turns.queue-limit"));
        }

        var receipt = await FileWork.Run(() => _services.Ledger.AcceptAsync(turnId, request, key, _services.Time.GetUtcNow()));
        if (!receipt.IsNew)
        {
            return new AgentProtocol.TurnAccepted(_id, receipt.TurnId, PositionOf(receipt.TurnId), IsNew: false);
        }

        _queue.Add(new QueuedTurn(new TurnToRun(turnId, request, check.Prompt!, check.Model, command.ToolHandler ?? submitter), submitter));
        return new AgentProtocol.TurnAccepted(_id, turnId, _queue.Count - 1 + (_turn is null ? 0 : 1));
    }

    private AgentProtocol.TurnRejected Refuse(TurnId turn, TurnRefusal refusal)
    {
        LogRefused(turn, refusal.Code);
        return new AgentProtocol.TurnRejected(_id, turn, refusal);
    }

    private int PositionOf(TurnId turn) => Math.Max(0, _queue.Ids.IndexOf(turn) + (_turn is null ? 0 : 1));

    // Nothing else is dealt with until all are looked at, so that no newer turn gets before them and no cancel between.
    private async Task OnRecover(AgentProtocol.RecoverTurns command)
    {
        var (started, queued, ended) = (0, 0, 0);
        var known = _queue.Ids.ToHashSet();
        foreach (var orphan in command.Turns.Where(orphan => known.Add(orphan.TurnId) && _turn?.Queued.TurnId != orphan.TurnId))
        {
            var found = await FileWork.Run(() => _orphans.LookAtAsync(orphan));
            if (found.Outcome is { } outcome)
            {
                ended++;
                _news.Ended(orphan.TurnId, outcome);
                continue;
            }

            _queue.Add(found.Queued!);
            (started, queued) = found.Queued!.Hold is null ? (started, queued + 1) : (started + 1, queued);
        }

        LogRecovered(started, queued, ended);
        StartNext();

        // A codex that runs has its slot by now; slots are granted once every agent has answered.
        Sender.Tell(new AgentProtocol.TurnsRecovered(_id, started, queued, ended));
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
            Begin((QueuedConsume)next);
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

    // The turn that the slot was wanted for may be gone.
    private void ReleaseUnneededSlot()
    {
        if (_work == AgentWork.WaitingForSlot && _queue.Head is not QueuedTurn)
        {
            _slot.Return();
            Enter(AgentWork.Nothing);
            StartNext();
        }
    }

    private void Begin(QueuedTurn queued)
    {
        if (queued.Refusal is { } refusal && queued.Hold is null)
        {
            _slot.Return();
            Enter(AgentWork.Nothing);
            EndUnstarted(queued, BackendFailure.Of(new TurnRefusedException(refusal)));
            StartNext();
            return;
        }

        if (queued.Hold is not null)
        {
            _slot.Occupy();
        }

        var hold = queued.Hold ?? new TurnHold(_services.ForTurns, queued.Turn);
        var props = TurnActor.Props(hold, _rollout.Get(), queued.Turn.HasTools ? _tools.Get() : null);
        var actor = Context.ActorOf(props, FormattableString.Invariant($"turn-{queued.TurnId.Value}-{++_operations}"));
        Context.WatchWith(actor, new TurnLost(actor));
        _turn = new CurrentTurn(queued, hold, actor) { Phase = queued.Hold is null ? TurnPhase.Preparing : TurnPhase.Running };
        Enter(AgentWork.Turn);
    }

    private void OnReport(TurnProtocol.IReport report)
    {
        var turn = _turn!;
        switch (report)
        {
            case TurnProtocol.Begun:
                _news.Started(turn.Queued);
                break;
            case TurnProtocol.PhaseChanged changed:
                turn.Phase = changed.Phase;
                break;
            case TurnProtocol.ToolsOpened:
                turn.HasTools = true;
                break;
            case TurnProtocol.Ended ended:
                End(turn, ended);
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
        Enter(AgentWork.Nothing);
        StartNext();
    }

    // The turn's actor failed. Its hold ends the turn; until then nothing else of the agent runs.
    private void OnTurnLost(TurnLost lost)
    {
        if (_turn is { } turn && lost.Actor.Equals(turn.Actor))
        {
            turn.Phase = TurnPhase.Settling;
            turn.Hold.Abandon(new BackendResult.Failed(Failed("plexum-codex failed while it ran the turn."))).PipeTo(
                Self, turn.Actor, outcome => new TurnProtocol.Ended(outcome, null), e => _news.Unrecorded(e, StopReason.Error, null));
        }
    }

    private void OnCancel(AgentProtocol.CancelTurn command)
    {
        var outcome = CancelOutcome.NotFound;
        if (_turn is { } turn && turn.Queued.TurnId == command.TurnId)
        {
            turn.Actor.Tell(new TurnProtocol.Cancel(command.Force));
            outcome = turn.Phase.IsEnding() ? CancelOutcome.Ending : command.Force ? CancelOutcome.Killed : CancelOutcome.Stopping;
        }
        else if (_queue.TryRemove(command.TurnId, out var queued))
        {
            EndUnstarted(queued, null);
            outcome = CancelOutcome.Dequeued;
        }

        Sender.Tell(new AgentProtocol.CancelAnswered(_id, command.TurnId, outcome));
        ReleaseUnneededSlot();
    }

    // A turn that never got to run still has a log with a start and an end, for whoever reads it; one that was recovered is killed.
    // Without a failure it was cancelled.
    private void EndUnstarted(QueuedTurn queued, TurnFailure? failure)
    {
        BackendResult result = failure is null ? new BackendResult.Stopped(StopCause.Cancelled, HasRun: false) : new BackendResult.Failed(failure);
        var settlement = (queued.Hold ?? new TurnHold(_services.ForTurns, queued.Turn)).Abandon(result);
        _news.EndedLater(queued, settlement, failure is null ? StopReason.Cancelled : StopReason.Error, failure);
    }

    private void OnChangeTools(AgentProtocol.ChangeTools command)
    {
        var served = _turn is { HasTools: true } turn && turn.Queued.TurnId == command.TurnId && !turn.Phase.IsEnding() && _tools.Existing is not null;
        if (served)
        {
            _tools.Existing!.Tell(new ToolBridgeProtocol.ChangeTools(command.TurnId, command.Tools));
        }

        Sender.Tell(new AgentProtocol.ToolsChangeAnswered(
            _id, command.TurnId, served ? ToolsChangeOutcome.Changed : ToolsChangeOutcome.NotServed));
    }

    private void OnConsume(AgentProtocol.Consume command)
    {
        if (command.Mutations.IsDefaultOrEmpty)
        {
            Sender.Tell(new AgentProtocol.ConsumeAnswered(_id, new ConsumeResult(0, 0, [])));
        }
        else if (string.IsNullOrEmpty(command.Workspace) || !Path.IsPathFullyQualified(command.Workspace))
        {
            Fail(ConsumeFailureReason.BadWorkspace, $"codex: workspace \"{command.Workspace}\" is not an absolute path; give one that starts with /");
        }
        else if (_queue.IsFull)
        {
            Fail(ConsumeFailureReason.QueueFull, $"codex: agent {_id} has as much waiting as it may have; wait for a turn to end, or raise turns.queue-limit");
        }
        else
        {
            _queue.Add(new QueuedConsume(++_operations, command, Sender));
            StartNext();
        }

        void Fail(ConsumeFailureReason reason, string message) =>
            AnswerConsume(Sender, new AgentProtocol.ConsumeFailed(_id, new ConsumeFailure(reason, message)));
    }

    private void Begin(QueuedConsume consume)
    {
        _consume = consume;
        Enter(AgentWork.Consume);
        _rollout.Get().Tell(new RolloutProtocol.Consume(
            consume.Operation, new AgentDirectory(_services.Profile, _id), consume.Command.Workspace!, consume.Command.Mutations));
    }

    private void OnConsumeAnswered(RolloutProtocol.IConsumeAnswer answer)
    {
        if (answer.Operation == _consume?.Operation)
        {
            EndConsume(answer is RolloutProtocol.Consumed consumed
                ? new AgentProtocol.ConsumeAnswered(_id, consumed.Result)
                : new AgentProtocol.ConsumeFailed(_id, ((RolloutProtocol.NotConsumed)answer).Failure));
        }
    }

    private void OnChildLost(ChildLost lost)
    {
        _tools.Forget(lost);
        if (_rollout.Forget(lost) && _consume is not null)
        {
            EndConsume(new AgentProtocol.ConsumeFailed(_id, new ConsumeFailure(
                ConsumeFailureReason.Host, "plexum-codex failed while it consumed tool calls; ask again, which does no harm. The log of the program says more.")));
        }
    }

    private void EndConsume(AgentProtocol.IReply answer)
    {
        AnswerConsume(_consume!.Sender, answer);
        _consume = null;
        Enter(AgentWork.Nothing);
        StartNext();
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

    private void Enter(AgentWork work)
    {
        if (!AgentWorks.Allow(_work, work))
        {
            throw new InvalidOperationException($"The agent {_id} cannot go from {_work} to {work}.");
        }

        _work = work;
    }

    private static TurnFailure Failed(string what) =>
        new("host_failure", $"{what} The log of the program says more.", TurnErrorClass.Host, Retryable: true);
}
