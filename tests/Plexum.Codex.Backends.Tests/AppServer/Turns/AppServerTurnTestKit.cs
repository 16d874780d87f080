using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>The turn's actor between a turn, a server and a reader of rollouts that are all probes.</summary>
public abstract class AppServerTurnTestKit : TestKit
{
    private static readonly AgentId Agent = AgentId.Parse("agent-1");

    protected AppServerTurnTestKit()
        : this(TestSystem.Config) { }

    protected AppServerTurnTestKit(Config config)
        : base(config)
    {
        (TurnProbe, Server, Rollout) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        TurnProbe.SetAutoPilot(
            new DelegateAutoPilot(
                (sender, message) =>
                {
                    if (message is CodexBackendProtocol.Events)
                    {
                        sender.Tell(CodexBackendProtocol.EventsKept.Instance);
                    }

                    return AutoPilot.KeepRunning;
                }
            )
        );
        BackendTurn = new BackendTurn(Agent, Turn, TurnDirectory.Ensure(new AgentDirectory(Files.Root, Agent), Turn));
    }

    private protected static TurnId Turn { get; } = TurnId.Parse("turn-1");

    private protected TemporaryDirectory Files { get; } = new();

    private protected TestProbe TurnProbe { get; }

    private protected TestProbe Server { get; }

    private protected TestProbe Rollout { get; }

    private protected BackendTurn BackendTurn { get; }

    private protected TimeSpan Window { get; init; }

    private protected TimeSpan? Waiting { get; init; }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Files.Dispose();
    }

    private protected static AppServerProtocol.ServerLost Lost => new(new AppServerFault(AppServerFaultKind.ServerDown, "It was killed."));

    private protected static AppServerProtocol.ThreadOpened Opened =>
        new(Turn, ServerRig.Thread, "/rollout", Usage.Zero, null) { Server = new AppServerProtocol.ServerMark(4711, 1) };

    private protected AppServerTurnServices Services =>
        new(Server.Ref, Files.Root, new CodexBinarySource(FakeCodexStage.Binary, null), TimeProvider.System)
        {
            Settings = new AppServerTurnSettings { DeltaWindow = Window, WaitingNotice = Waiting },
        };

    private protected static bool IsEnd(string line) => line.StartsWith("""{"method":"turn/completed""", StringComparison.Ordinal);

    private protected IActorRef Begin(ThreadId? thread = null)
    {
        var run = TurnProbe.ChildActorOf(AppServerTurnActor.Props(Services, new ServerTurn(BackendTurn), Rollout));
        Start(run, thread);
        return run;
    }

    private protected void Start(IActorRef run, ThreadId? thread = null)
    {
        var start = new CodexBackendProtocol.Start(Turn, 1, Files.Root, new Prompt("hi", []), null, thread, null, CodexSandbox.None, null)
        {
            StartedAt = DateTimeOffset.UnixEpoch,
        };
        run.Tell(start, TurnProbe);
    }

    private protected void Open(IActorRef run, ThreadId? thread)
    {
        var open = Server.ExpectMsg<AppServerProtocol.OpenThread>();
        Assert.Equal((thread, "danger-full-access", "never"), (open.Thread, open.Setup.Sandbox, open.Setup.ApprovalPolicy));
        run.Tell(Opened, Server);
    }

    private protected CodexBackendProtocol.SteerAnswered SteerAnswered() =>
        TurnProbe.FishForMessage<CodexBackendProtocol.SteerAnswered>(_ => true);

    private protected void Refuse(IActorRef run, AppServerFaultKind fault, int number) =>
        run.Tell(
            new AppServerProtocol.Refused(Turn, new AppServerFault(fault, "activeTurnNotSteerable"))
            {
                Method = "turn/steer",
                Number = number,
            },
            Server
        );

    private protected const string Started = "{\"method\":\"turn/started\",\"params\":{\"turn\":{\"id\":\"" + ServerRig.TurnId + "\"}}}";

    private protected IActorRef Running()
    {
        var run = Starting();
        Say(run, [Started]);
        return run;
    }

    /// <summary>The server has taken the turn, and not yet begun with it.</summary>
    private protected IActorRef Starting()
    {
        var run = Begin();
        Open(run, null);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        run.Tell(new AppServerProtocol.TurnStarted(Turn, ServerRig.TurnId), Server);
        TurnProbe.ExpectMsg<CodexBackendProtocol.ThreadNamed>();
        AwaitAssert(() => Assert.Equal(ServerRig.TurnId, AppServerRecord.Load(BackendTurn.Directory)!.ServerTurnId));
        return run;
    }

    private protected void Say(IActorRef run, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            var said = json.RootElement.Clone();
            run.Tell(
                new AppServerProtocol.Said(ServerRig.Thread, said.GetProperty("method").GetString()!, said.GetProperty("params")),
                Server
            );
        }
    }

    /// <summary>What the turn leaves in the server is to be ended by unloading the thread, which is done.</summary>
    private protected void Unload(IActorRef run, string? problem = null)
    {
        Server.FishForMessage<AppServerProtocol.Unload>(_ => true);
        run.Tell(new AppServerProtocol.Unloaded(ServerRig.Thread, problem), Server);
    }

    /// <summary>The turn as a new connection to the server has it.</summary>
    private protected static AppServerProtocol.ThreadOpened Reopened(string turns, string? running = null)
    {
        using var json = JsonDocument.Parse(turns);
        return Opened with
        {
            RecentTurns = json.RootElement.Clone(),
            Running = running is null ? null : new AppServerProtocol.ActiveTurn(running),
        };
    }

    // All events up to the end.
    private protected ImmutableArray<CanonicalEvent> Told()
    {
        var told = ImmutableArray.CreateBuilder<CanonicalEvent>();
        while (TurnProbe.ReceiveOne(Limits.Wait) is CodexBackendProtocol.Events events)
        {
            told.AddRange(events.Batch);
        }

        Assert.IsType<CodexBackendProtocol.Finishing>(TurnProbe.LastMessage);
        return told.ToImmutable();
    }

    private protected void ReadRollout(IActorRef run, RolloutFindings findings)
    {
        Rollout.FishForMessage<RolloutProtocol.ReadTurn>(_ => true);
        run.Tell(new RolloutProtocol.TurnRead(Turn, findings), Rollout);
    }
}
