using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Agents;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Approvals;
using Plexum.Codex.AppServer.Node;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.Backend;
using Plexum.Codex.Exec;
using Plexum.Codex.Exec.Running;
using Plexum.Codex.Files;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Options;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Threads;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.TestSupport.Agents;

/// <summary>The registry and its agents with FakeCodex as codex, on a clock that the test turns.</summary>
public abstract class AgentTestKit : Akka.TestKit.Xunit2.TestKit
{
    private static readonly CodexBinarySource FakeBinary = new(FakeCodexStage.Binary, null);

    private readonly List<TurnId> _turns = [];
    private readonly ConcurrentQueue<ProcessSignal> _signals = new();
    private readonly IActorRef _signalListener;
    private IActorRef? _registry;
    private IActorRef? _server;

    protected AgentTestKit()
        : base(TestSystem.WithClockAndLog)
    {
        Stage = new FakeCodexStage("thread", "turn", "say ${prompt}", "completed 100 10");
        Rollouts = new RolloutSettings { CodexHome = Stage.CodexHome };
        ExecSettings = new ExecSettings
        {
            CodexHome = Stage.CodexHome,
            Environment = new ProcessEnvironment { Added = Stage.Environment.ToImmutableDictionary() },
            WaitingNotice = null,
        };
        _signalListener = Sys.ActorOf(Props.Create(() => new SignalListener(_signals)), "signal-listener");
        Sys.EventStream.Subscribe(_signalListener, typeof(CodexProcessProtocol.SignalSent));
    }

    protected static AgentId Alice { get; } = AgentId.Parse("alice");

    protected static AgentId Bob { get; } = AgentId.Parse("bob");

    protected FakeCodexStage Stage { get; }

    /// <summary>To be changed before the first turn.</summary>
    protected AgentSettings Settings { get; set; } = new() { WaitingNotice = null };

    /// <summary>To be changed before the first turn.</summary>
    protected ExecSettings ExecSettings { get; set; }

    /// <summary>To be changed before the first turn.</summary>
    protected RolloutSettings Rollouts { get; set; }

    /// <summary>To be changed before the first turn.</summary>
    protected CodexBinarySource Binaries { get; set; } = FakeBinary;

    /// <summary>To be changed before the first turn.</summary>
    protected TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>To be changed before the first turn.</summary>
    protected string Profile { get; set; } = "";

    protected TestClock Clock => (TestClock)Sys.Scheduler;

    /// <summary>To be changed before the first turn.</summary>
    protected IActorRef? Admission { get; set; }

    /// <summary>To be changed before the first turn.</summary>
    protected ITurnLedger Ledger { get; set; } = NoLedger.Instance;

    /// <summary>The questions of codex, which every program of the profile has.</summary>
    protected IApprovalBook ApprovalBook { get; } = new InMemoryApprovals();

    /// <summary>To be changed before the first turn.</summary>
    protected Func<string?, TurnRefusal?>? WhyNoModel { get; set; }

    internal ExecServices Exec => new(ExecSettings, Binaries, Time);

    protected ITurnNotifier Notifier { get; } = new InMemoryTurnNotifier();

    /// <summary>What runs the turns. To be changed before the first turn.</summary>
    protected BackendKind Kind { get; set; } = BackendKind.Exec;

    protected virtual ICodexBackend Backend => IsWarm ? new AppServerBackend(ForServer) : new ExecBackend(Exec);

    /// <summary>The threads that a warm codex has loaded.</summary>
    protected ILoadedThreads Loaded => IsWarm ? new LoadedThreads(Server, Limits.Wait) : NoLoadedThreads.Instance;

    /// <summary>Makes a warm codex let go of a thread: what is done to its rollout is seen when it is loaded.</summary>
    protected void Release(ThreadId thread) => Loaded.ReleaseAsync(thread, CancellationToken.None).GetAwaiter().GetResult();

    private bool IsWarm => Kind == BackendKind.AppServer;

    private IActorRef Server =>
        _server ??= Sys.ActorOf(
            AppServerActor.Props(
                new AppServerServices(new AppServerSettings(), ProfileRoot, Binaries, TimeProvider.System)
                {
                    Environment = ExecSettings.Environment,
                },
                looksAtStart: false
            )
        );

    private AppServerTurnServices ForServer =>
        new(Server, ExecSettings.CodexHome, Binaries, Time)
        {
            Settings = new AppServerTurnSettings
            {
                DeltaWindow = TimeSpan.Zero,
                InterruptGrace = ExecSettings.InterruptGrace,
                WaitingNotice = ExecSettings.WaitingNotice,
            },
            ExtraArgs = ExecSettings.ExtraArgs,
        };

    protected AgentServices Services =>
        new(ProfileRoot, Settings, Rollouts, Time, Backend)
        {
            Admission = Admission,
            Ledger = Ledger,
            ApprovalBook = ApprovalBook,
            Logs = new FileTurnLogStore(ProfileRoot, TimeProvider.System),
            Threads = Threads,
            Loaded = Loaded,
            Notifier = Notifier,
            WhyNoModel = WhyNoModel,
        };

    /// <summary>The threads on record, as every program of the profile has them.</summary>
    protected IThreadRegister Threads => new FileThreadRegister(ProfileRoot);

    protected IActorRef Registry => _registry ??= Sys.ActorOf(AgentRegistryActor.Props(Services));

    protected string SessionPath => Path.Combine(Stage.Workspace, SessionFile.Name);

    /// <summary>Tells somebody of all starts and ends of turns from now on.</summary>
    protected void HearOfTurns(IActorRef who) => Notifier.WatchAll(notice => who.Tell(notice));

    /// <summary>Tells somebody of all ends of turns from now on.</summary>
    protected void HearOfEnds(IActorRef who) =>
        Notifier.WatchAll(notice =>
        {
            if (notice is TurnNotice.Ended)
            {
                who.Tell(notice);
            }
        });

    /// <summary>The signals that were sent to codex, in their order.</summary>
    protected IReadOnlyCollection<ProcessSignal> Signals
    {
        get
        {
            Identify(_signalListener);
            return _signals;
        }
    }

    protected string ProfileRoot => Profile.Length > 0 ? Profile : Stage.File("profile");

    protected AgentDirectory DirectoryOf(AgentId agent) => new(ProfileRoot, agent);

    /// <summary>Submits a turn of alice, or of another agent with a workspace of its own.</summary>
    protected TurnRun Submit(string prompt, AgentId? agent = null) =>
        Submit(
            new TurnRequest(
                agent ?? Alice,
                agent is null ? Stage.Workspace : Stage.File(agent.Value.Value),
                null,
                [TurnMessage.User(prompt)]
            )
        );

    protected TurnRun Submit(TurnRequest request)
    {
        var turn = NewRun(request);
        Registry.Tell(new AgentProtocol.SubmitTurn(turn.Id, request, Submitter.Owner), turn.Submitter.Ref);
        return turn;
    }

    /// <summary>
    /// Stops all that this program has of the agents, as the end of a program would, and makes anew what the next one has.
    /// codex runs on.
    /// </summary>
    protected void LeaveAgents()
    {
        foreach (var actor in new[] { _registry, _server }.OfType<IActorRef>())
        {
            Watch(actor);
            Sys.Stop(actor);
            ExpectTerminated(actor);
        }

        (_registry, _server) = (null, null);
    }

    /// <summary>Hands turns over to the agent as the next program does.</summary>
    protected AgentProtocol.TurnsRecovered Recover(params TurnRun[] turns)
    {
        var probe = CreateTestProbe();
        var left = turns.Select(turn => new AgentProtocol.OrphanedTurn(turn.Id, turn.Request)).ToImmutableArray();
        Registry.Tell(new AgentProtocol.RecoverTurns(turns[0].Agent, left), probe.Ref);
        return probe.ExpectMsg<AgentProtocol.TurnsRecovered>();
    }

    /// <summary>The id of a turn; what is left of it is killed after the test.</summary>
    protected TurnId NewTurn()
    {
        _turns.Add(TurnId.New(TimeProvider.System));
        return _turns[^1];
    }

    /// <summary>A turn that was not submitted here.</summary>
    protected TurnRun NewRun(string prompt) => NewRun(new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User(prompt)]));

    private TurnRun NewRun(TurnRequest request) => new(this, Notifier, request, NewTurn(), TurnDirectoryOf);

    /// <summary>Runs a turn of alice to its end.</summary>
    protected TurnStory Run(string prompt, StopReason reason = StopReason.EndTurn) => Submit(prompt).Ended(reason);

    protected CancelOutcome Cancel(TurnRun turn, bool force = false) => Cancel(turn.Agent, turn.Id, force);

    protected CancelOutcome Cancel(AgentId agent, TurnId turn, bool force = false)
    {
        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.CancelTurn(agent, turn, force), probe.Ref);
        return probe.ExpectMsg<AgentProtocol.CancelAnswered>().Outcome;
    }

    protected AgentProtocol.AgentSnapshot Snapshot(AgentId? agent = null)
    {
        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.GetAgent(agent ?? Alice), probe.Ref);
        return probe.ExpectMsg<AgentProtocol.AgentSnapshot>();
    }

    protected ImmutableArray<AgentId> ActiveAgents()
    {
        var probe = CreateTestProbe();
        Registry.Tell(AgentRegistryProtocol.GetActiveAgents.Instance, probe.Ref);
        return probe.ExpectMsg<AgentRegistryProtocol.ActiveAgents>().Agents;
    }

    protected void AwaitPhase(AgentPhase phase) => Eventually(() => Assert.Equal(phase, Snapshot().Phase));

    /// <summary>Waits until a script has made its sign.</summary>
    protected void AwaitFile(string name) => Eventually(() => Assert.True(File.Exists(Stage.File(name)), $"{name} is not there."));

    protected void Eventually(Action assertion) => AwaitAssert(assertion, interval: TimeSpan.FromMilliseconds(10));

    /// <summary>Returns when the actor has dealt with all that it was sent before.</summary>
    protected void Identify(IActorRef actor)
    {
        var probe = CreateTestProbe();
        actor.Tell(new Identify("here"), probe.Ref);
        Assert.Equal(actor, probe.ExpectMsg<ActorIdentity>().Subject);
    }

    /// <summary>The agent's actor, which answers for itself.</summary>
    protected IActorRef ActorOf(AgentId agent)
    {
        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.GetAgent(agent), probe.Ref);
        probe.ExpectMsg<AgentProtocol.AgentSnapshot>();
        return probe.LastSender;
    }

    /// <summary>The process of the last recorded call.</summary>
    protected ProcessIdentity LastCodex() => ProcessProbe.Identify(Stage.Calls[^1].Pid);

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _turns.ForEach(ProcessProbe.KillTurn);
        Stage.Dispose();
    }

    private TurnDirectory TurnDirectoryOf(TurnRun turn) => TurnDirectory.Of(DirectoryOf(turn.Agent), turn.Id);

    private sealed class SignalListener : ReceiveActor
    {
        public SignalListener(ConcurrentQueue<ProcessSignal> signals) =>
            Receive<CodexProcessProtocol.SignalSent>(sent => signals.Enqueue(sent.Signal));
    }
}
