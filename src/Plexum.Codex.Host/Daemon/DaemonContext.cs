using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Approvals;
using Plexum.Codex.Files;
using Plexum.Codex.Gateway;
using Plexum.Codex.Host.Audit;
using Plexum.Codex.Host.Configuration;
using Plexum.Codex.Host.Health;
using Plexum.Codex.Host.Health.Probes;
using Plexum.Codex.Host.Molecule;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Problems;
using Plexum.Codex.Profiles;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Daemon;

/// <summary>What the parts of a running daemon share.</summary>
internal sealed class DaemonContext(ProgramSettings settings, ITurnLedger ledger) : IDisposable
{
    /// <summary>How long an actor may take to answer a request.</summary>
    public static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _drainWanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DaemonActors? _actors;
    private TurnGateway? _gateway;
    private volatile bool _draining;
    private int _readers;

    public ProgramSettings Settings => settings;

    public DaemonActors Actors => _actors ?? throw NotStarted();

    /// <summary>The way to the agents, for every surface.</summary>
    public TurnGateway Gateway => _gateway ?? throw NotStarted();

    public IActorRef Registry => Actors.Agents;

    /// <summary>The root of the profile, an absolute path.</summary>
    public string Profile => settings.Profile.Root;

    public ITurnLedger Ledger => ledger;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Keeps the questions of codex.</summary>
    public IApprovalBook Approvals { get; init; } = new InMemoryApprovals();

    /// <summary>Stores the events of turns.</summary>
    public ITurnLogStore Logs { get; } = new FileTurnLogStore(settings.Profile.Root, TimeProvider.System);

    /// <summary>Tells of starts and ends of turns.</summary>
    public ITurnNotifier Notifier { get; } = new InMemoryTurnNotifier();

    /// <summary>The inbox that the daemon answers; null for none.</summary>
    public MoleculeInbox? Inbox { get; init; }

    /// <summary>Takes reports of what should page an operator.</summary>
    public ProblemReporter Problems { get; init; } = new();

    /// <summary>The turns that waited when the daemon was started.</summary>
    public ImmutableArray<TurnEntry> WaitingAtStart { get; init; } = [];

    /// <summary>Takes over the turns of commands that were killed, and says which; null where no commands run turns.</summary>
    public Func<Task<ImmutableArray<TurnId>>>? TakeOver { get; init; }

    /// <summary>Whether the profile and the ledger can be written.</summary>
    public DaemonHealth Health =>
        field ??= new DaemonHealth(Profile, Ledger, Problems, Time, new RoomProbe(Profile, Settings.Problems.MinRoom).Look);

    /// <summary>The log of who did what.</summary>
    public AuditLog Audit { get; init; } = AuditLog.None;

    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>Ends what would never end by itself: streams of events, and waits for a consume.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether the daemon is stopping and accepts no more turns.</summary>
    public bool IsClosing => _draining || _stopping.IsCancellationRequested;

    /// <summary>How many streams of events are open.</summary>
    public int Readers => Volatile.Read(ref _readers);

    /// <summary>Whether turns are accepted. Those of the previous run must be queued first.</summary>
    public GatewayState State =>
        IsClosing ? GatewayState.ShuttingDown
        : Actors.Dispatched.IsCompletedSuccessfully ? GatewayState.Open
        : GatewayState.NotReady;

    /// <summary>Whether turns are accepted.</summary>
    public bool IsReady => State == GatewayState.Open;

    /// <summary>Takes over the actors that were started.</summary>
    public void Begin(DaemonActors actors)
    {
        _actors = actors;
        _gateway = new TurnGateway(
            new GatewayServices(actors.Agents, Profile, Ledger, Logs, Notifier, Time)
            {
                Workspaces = new WorkspaceRules(Profile, Settings.Rollouts.CodexHome, Settings.Agents.Workspaces),
                Readers = actors.Readers,
                ApprovalBook = Approvals,
                State = () => State,
                Stopping = Stopping,
                AnswerLimit = AnswerLimit,
            }
        );
        StartedAt = Time.GetUtcNow();
    }

    /// <summary>Completes when a client has asked the daemon to accept no more turns and to stop once none runs.</summary>
    public Task DrainWanted => _drainWanted.Task;

    /// <summary>A client asks for that.</summary>
    public void WantDrain() => _drainWanted.TrySetResult();

    /// <summary>Accepts no more turns, and completes when no codex is running.</summary>
    public Task DrainAsync()
    {
        _draining = true;
        return Actors.DrainAsync();
    }

    public void Stop() => _stopping.Cancel();

    public void Dispose() => _stopping.Dispose();

    public void ReaderOpened() => Interlocked.Increment(ref _readers);

    public void ReaderClosed() => Interlocked.Decrement(ref _readers);

    /// <summary>The file of a turn's events.</summary>
    public string EventsFile(AgentId agent, TurnId turn) => TurnDirectory.Of(new AgentDirectory(Profile, agent), turn).EventsFile;

    private static InvalidOperationException NotStarted() => new("The actors are not started yet.");
}
