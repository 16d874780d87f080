using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Recovery;

/// <summary>
/// Hands the turns that an earlier daemon left unfinished, according to the ledger, to their agents. It does so when it
/// starts, and again after the registry and its agents were restarted. Parent: the user guardian; no children. Phases: reading,
/// waiting for the agents, done. When it fails it is restarted, keeps who waits for it and starts
/// over; agents ignore turns that they already have.
/// </summary>
public sealed class RecoveryActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ITurnLedger _ledger;
    private readonly IActorRef _registry;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<IActorRef> _forDispatch = [];
    private readonly List<IActorRef> _forRecovery = [];
    private RecoveryProtocol.Dispatched? _dispatched;
    private RecoveryProtocol.Recovered _found = new(0, 0, 0);
    private HashSet<AgentId> _awaited = [];

    /// <summary>Created by <see cref="Props"/>.</summary>
    public RecoveryActor(ITurnLedger ledger, IActorRef registry)
    {
        (_ledger, _registry) = (ledger, registry);
        Receive<Unfinished>(message => Dispatch(message.Turns));
        Receive<ReadingFailed>(OnReadingFailed);
        Receive<ReadLedger>(_ => Read());
        Receive<AgentProtocol.TurnsRecovered>(OnRecovered);
        Receive<AgentRegistryProtocol.RegistryRestarted>(_ => Read());
        Receive<RecoveryProtocol.AwaitDispatch>(_ => Answer(_forDispatch, _dispatched));
        Receive<RecoveryProtocol.AwaitRecovery>(_ => Answer(_forRecovery, IsRecovered ? _found : null));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private bool IsRecovered => _dispatched is not null && _awaited.Count == 0;

    /// <summary>The props of the actor.</summary>
    /// <param name="ledger">The ledger of turns.</param>
    /// <param name="registry">The <see cref="AgentRegistryActor"/>.</param>
    public static Props Props(ITurnLedger ledger, IActorRef registry) => Akka.Actor.Props.Create(() => new RecoveryActor(ledger, registry));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(AgentRegistryProtocol.RegistryRestarted));
        Read();
    }

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object? message)
    {
        // They ask once and wait without a limit.
        _forDispatch.ForEach(asker => Self.Tell(RecoveryProtocol.AwaitDispatch.Instance, asker));
        _forRecovery.ForEach(asker => Self.Tell(RecoveryProtocol.AwaitRecovery.Instance, asker));
        base.PreRestart(reason, message);
    }

    private void Read() =>
        _ledger.UnfinishedAsync(TurnOwner.Local).PipeTo(Self, success: turns => new Unfinished(turns), failure: e => new ReadingFailed(e));

    private void OnReadingFailed(ReadingFailed failed)
    {
        _log.Error("Cannot read the orphaned turns, will retry: {Error}", failed.Cause.Message);
        Timers.StartSingleTimer(ReadLedger.Instance, ReadLedger.Instance, ReadAgainAfter);
    }

    private void Dispatch(ImmutableArray<UnfinishedTurn> turns)
    {
        var agents = turns.GroupBy(turn => turn.Entry.AgentId).ToList();
        _awaited = [.. agents.Select(agent => agent.Key)];
        foreach (var agent in agents)
        {
            _registry.Tell(
                new AgentProtocol.RecoverTurns(
                    agent.Key,
                    [.. agent.Select(turn => new AgentProtocol.OrphanedTurn(turn.Entry.TurnId, turn.Request, turn.Entry.IdempotencyKey))]
                )
            );
        }

        _dispatched = new RecoveryProtocol.Dispatched(agents.Count, turns.Length);
        Tell(_forDispatch, _dispatched);
        TellRecovered();
    }

    private void OnRecovered(AgentProtocol.TurnsRecovered message)
    {
        // After a restart an agent answers the question of the last incarnation as well.
        if (!_awaited.Remove(message.AgentId))
        {
            return;
        }

        _found = new RecoveryProtocol.Recovered(
            _found.Started + message.Started,
            _found.Queued + message.Queued,
            _found.Ended + message.Ended
        );
        TellRecovered();
    }

    private void TellRecovered()
    {
        if (IsRecovered)
        {
            _log.Info(
                "Recovered turns: {Resumed} resumed, {Queued} queued, {Finished} already finished",
                _found.Started,
                _found.Queued,
                _found.Ended
            );
            Tell(_forRecovery, _found);
        }
    }

    private void Answer(List<IActorRef> later, object? now)
    {
        if (now is null)
        {
            later.Add(Sender);
        }
        else
        {
            Sender.Tell(now);
        }
    }

    private static void Tell(List<IActorRef> waiting, object answer)
    {
        foreach (var asker in waiting)
        {
            asker.Tell(answer);
        }

        waiting.Clear();
    }

    private sealed record Unfinished(ImmutableArray<UnfinishedTurn> Turns);

    private sealed record ReadingFailed(Exception Cause);

    private sealed record ReadLedger
    {
        public static ReadLedger Instance { get; } = new();
    }
}
