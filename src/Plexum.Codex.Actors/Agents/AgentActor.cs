using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Admission;
using Plexum.Codex.Ledger;
using Plexum.Codex.Processes;
using Plexum.Codex.Recovery;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Streams;
using Plexum.Codex.Tools;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Agents;

/// <summary>
/// Owns one agent's workspace: its queue, its session and the turn or consume at hand, of which there is at most one.
/// Parent: <see cref="AgentRegistryActor"/>; children: the <see cref="CodexProcessActor"/> of the turn at hand and, from the first
/// need on, one <see cref="RolloutActor"/> and one <see cref="ToolBridgeActor"/>.
/// Phases: <see cref="AgentPhase"/>. When it fails, the registry restarts it; its turns end with an error that says so.
/// </summary>
public sealed partial class AgentActor : ReceiveActor, IWithTimers
{
    private readonly AgentEnvironment _environment;
    private readonly AgentId _id;
    private readonly TurnQueue _queue;
    private readonly TurnPreparation _preparation;
    private readonly TurnSettlement _settlement;
    private readonly TurnTakeUp _takeUp;
    private AgentPhase _phase;
    private ActiveTurn? _turn;

    /// <summary>Made by <see cref="Props"/>.</summary>
    public AgentActor(AgentEnvironment environment, AgentId id)
    {
        ArgumentNullException.ThrowIfNull(environment);
        _environment = environment;
        _id = id;
        _queue = new TurnQueue(environment.Settings.QueueLimit);
        _preparation = new TurnPreparation(environment, new AgentDirectory(environment.Profile, id));
        _settlement = new TurnSettlement(environment);
        _takeUp = new TurnTakeUp(environment, new AgentDirectory(environment.Profile, id));
        Idle();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The actor of an agent.</summary>
    public static Props Props(AgentEnvironment environment, AgentId id) =>
        Akka.Actor.Props.Create(() => new AgentActor(environment, id));

    /// <inheritdoc/>
    protected override void PreStart() => WaitForWork();

    /// <summary>
    /// The process actor is never restarted: a second codex for the same turn would do its work twice. The rollout's actor is made anew
    /// when it is needed again; the turn that waits for it must hear of the failure.
    /// </summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object? message)
    {
        AbandonTurns(reason);
        ReturnSlot();
        base.PreRestart(reason, message);
    }

    /// <summary>codex runs on; whoever takes its turn up needs the log and the lock.</summary>
    protected override void PostStop() => _turn?.Prepared.Leave();

    private void Idle()
    {
        Receive<ReceiveTimeout>(_ => Context.Parent.Tell(new AgentRegistryProtocol.Passivate(_id)));
        Receive<StopIfIdle>(_ => Context.Stop(Self));
        Always();
    }

    private void Preparing()
    {
        Receive<TurnPrepared>(OnPrepared, IsCurrent);
        Receive<RolloutProtocol.StartNoted>(OnRolloutNoted, IsCurrent);
        Receive<ToolBridgeProtocol.TurnOpened>(OnToolsOpened, opened => IsCurrent(opened) && _turn!.OpeningTools);
        Always();
    }

    private void Running()
    {
        Receive<CodexProcessProtocol.Ended>(OnProcessEnded, ended => ended.TurnId == _turn?.Queued.TurnId);
        Receive<ProcessLost>(OnProcessLost, lost => lost.Process.Equals(_turn?.Process));
        Always();
    }

    private void WaitingForThread()
    {
        Receive<TryThreadAgain>(_ => NoteRollout());
        Always();
    }

    private void Settling()
    {
        Receive<TurnSettled>(OnSettled, IsCurrent);
        Receive<RolloutProtocol.TurnRead>(read => OnTurnRead(read.Findings), IsCurrent);
        Always();
    }

    private void Always()
    {
        ReceiveAsync<AgentProtocol.SubmitTurn>(OnSubmit);
        ReceiveAsync<AgentProtocol.TakeUpTurns>(OnTakeUp);
        Receive<AgentProtocol.CancelTurn>(OnCancel);
        Receive<AgentProtocol.Consume>(OnConsume);
        Receive<AgentProtocol.ChangeTools>(OnChangeTools);
        Receive<AgentProtocol.GetAgent>(_ => Sender.Tell(new AgentProtocol.AgentSnapshot(
            _id, _phase, _turn?.Queued.TurnId, _queue.Ids)));
        Receive<StopIfIdle>(_ => Context.Parent.Tell(new AgentRegistryProtocol.StayActive(_id)));
        Receive<ReceiveTimeout>(_ => { });
        Receive<AdmissionProtocol.SlotGranted>(_ => { });
        Receive<AskForSlotAgain>(_ => { });
        Receive<DeadlineReached>(_ => OnDeadline(), IsCurrent);
        Receive<RolloutLost>(OnRolloutLost);
        Receive<BridgeLost>(OnBridgeLost);
        Receive<RolloutProtocol.IConsumeAnswer>(_ => { });

        // What an earlier turn, or an earlier process of this one, still had to say has no meaning any more.
        Receive<ITurnResult>(stale => LogStale(stale.GetType().Name, stale.TurnId));
    }

    private bool IsCurrent(ITurnResult result) => result.TurnId == _turn?.Queued.TurnId;

    private void Enter(AgentPhase phase, Action receive)
    {
        _phase = phase;
        Become(receive);
    }

    private void WaitForWork()
    {
        Enter(AgentPhase.Idle, Idle);
        SetReceiveTimeout(_environment.Settings.IdleTimeout);
    }

    /// <summary>The registry wants to put the agent away.</summary>
    internal sealed record StopIfIdle
    {
        public static StopIfIdle Instance { get; } = new();
    }

    private sealed record TurnPrepared(TurnId TurnId, Exception? Failure) : ITurnResult;

    private sealed record TurnSettled(TurnId TurnId, TurnOutcome Outcome, TurnFailure? Unrecorded) : ITurnResult;

    private sealed record DeadlineReached(TurnId TurnId) : ITurnResult;

    private sealed record TryThreadAgain(TurnId TurnId) : ITurnResult;

    private sealed record RolloutLost(IActorRef Rollout) : IDeadLetterSuppression;

    private sealed record BridgeLost(IActorRef Bridge) : IDeadLetterSuppression;

    private sealed record ProcessLost(TurnId TurnId, IActorRef Process) : ITurnResult;
}
