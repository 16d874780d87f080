using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Plexum.Codex.Agents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Recovery;

/// <summary>
/// Hands the turns that an earlier daemon left unfinished, according to the ledger, to their agents. It does so when it
/// starts, and again after the registry and its agents were restarted. While the daemon runs, it also has it take over, again and again,
/// what processes that are gone have left, and hands that to the agents. Parent: the user guardian; no children. Phases: reading, waiting
/// for the agents, done. When it fails it is restarted, keeps who waits for it and starts over; agents ignore turns that they already have.
/// </summary>
public sealed class RecoveryActor : ReceiveActor, IWithTimers
{
    /// <summary>How long what a process leaves may lie before it is taken over.</summary>
    internal static readonly TimeSpan TakeOverEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ITurnLedger _ledger;
    private readonly IActorRef _registry;
    private readonly Func<Task<ImmutableArray<TurnId>>>? _takeOver;
    private readonly HashSet<TurnId> _taken = [];
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly List<IActorRef> _forDispatch = [];
    private readonly List<IActorRef> _forRecovery = [];
    private RecoveryProtocol.Dispatched? _dispatched;
    private RecoveryProtocol.Recovered _found = new(0, 0, 0);
    private HashSet<AgentId> _awaited = [];
    private bool _takeOverFails;

    /// <summary>Created by <see cref="Props"/>.</summary>
    public RecoveryActor(ITurnLedger ledger, IActorRef registry, Func<Task<ImmutableArray<TurnId>>>? takeOver)
    {
        (_ledger, _registry, _takeOver) = (ledger, registry, takeOver);
        Receive<Unfinished>(message => Dispatch(message.Turns));
        Receive<ReadingFailed>(OnReadingFailed);
        Receive<ReadLedger>(_ => Read());
        Receive<TakeOver>(_ => AskForTaken());
        Receive<TakenOver>(message => OnTakenOver(message.Turns));
        Receive<FoundTaken>(message => DispatchTaken(message.Turns));
        Receive<TakeOverFailed>(OnTakeOverFailed);
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
    /// <param name="takeOver">Takes over the turns of processes that are gone, and says which; null if there are no such processes.</param>
    public static Props Props(ITurnLedger ledger, IActorRef registry, Func<Task<ImmutableArray<TurnId>>>? takeOver = null) =>
        Akka.Actor.Props.Create(() => new RecoveryActor(ledger, registry, takeOver));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(AgentRegistryProtocol.RegistryRestarted));
        Read();
        TakeOverLater();
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
        _awaited = [];
        var agents = HandOver(turns);
        _dispatched = new RecoveryProtocol.Dispatched(agents, turns.Length);
        Tell(_forDispatch, _dispatched);
        TellRecovered();
    }

    /// <returns>How many agents got turns.</returns>
    private int HandOver(IEnumerable<UnfinishedTurn> turns)
    {
        var agents = turns.GroupBy(turn => turn.Entry.AgentId).ToList();
        _awaited.UnionWith(agents.Select(agent => agent.Key));
        foreach (var agent in agents)
        {
            _registry.Tell(
                new AgentProtocol.RecoverTurns(
                    agent.Key,
                    [.. agent.Select(turn => new AgentProtocol.OrphanedTurn(turn.Entry.TurnId, turn.Request, turn.Entry.IdempotencyKey))]
                )
            );
        }

        return agents.Count;
    }

    private void TakeOverLater()
    {
        if (_takeOver is not null)
        {
            Timers.StartSingleTimer(TakeOver.Instance, TakeOver.Instance, TakeOverEvery);
        }
    }

    private void AskForTaken() => _takeOver!().PipeTo(Self, success: turns => new TakenOver(turns), failure: e => new TakeOverFailed(e));

    private void OnTakenOver(ImmutableArray<TurnId> turns)
    {
        _takeOverFails = false;
        _taken.UnionWith(turns);
        if (_taken.Count == 0)
        {
            TakeOverLater();
            return;
        }

        _ledger.UnfinishedAsync(TurnOwner.Local).PipeTo(Self, success: found => new FoundTaken(found), failure: e => new TakeOverFailed(e));
    }

    // Only these: an agent has the others, or has just ended them.
    private void DispatchTaken(ImmutableArray<UnfinishedTurn> turns)
    {
        HandOver(turns.Where(turn => _taken.Contains(turn.Entry.TurnId)));
        _taken.Clear();
        TakeOverLater();
    }

    private void OnTakeOverFailed(TakeOverFailed failed)
    {
        if (!_takeOverFails)
        {
            _log.Warning("Cannot take over the turns of commands that were killed, will retry: {Error}", failed.Cause.Message);
        }

        _takeOverFails = true;
        TakeOverLater();
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

    private sealed record TakenOver(ImmutableArray<TurnId> Turns);

    private sealed record FoundTaken(ImmutableArray<UnfinishedTurn> Turns);

    private sealed record TakeOverFailed(Exception Cause);

    private sealed record TakeOver
    {
        public static TakeOver Instance { get; } = new();
    }

    private sealed record ReadLedger
    {
        public static ReadLedger Instance { get; } = new();
    }
}
