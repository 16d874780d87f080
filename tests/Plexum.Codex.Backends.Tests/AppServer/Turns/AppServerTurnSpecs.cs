using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.Setup;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>The turn's actor between a turn, a server and a reader of rollouts that are all probes.</summary>
public sealed class AppServerTurnSpecs : TestKit
{
    private static readonly TurnId Turn = TurnId.Parse("turn-1");
    private static readonly AgentId Agent = AgentId.Parse("agent-1");

    private readonly TemporaryDirectory _files = new();
    private readonly TestProbe _turn;
    private readonly TestProbe _server;
    private readonly TestProbe _rollout;
    private readonly BackendTurn _backendTurn;

    public AppServerTurnSpecs()
        : base(TestSystem.Config)
    {
        (_turn, _server, _rollout) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        _turn.SetAutoPilot(
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
        _backendTurn = new BackendTurn(Agent, Turn, TurnDirectory.Ensure(new AgentDirectory(_files.Root, Agent), Turn));
    }

    [Fact]
    public void A_turn_is_opened_noted_started_told_and_ended()
    {
        var run = Begin();

        Open(run, null);
        var start = _server.ExpectMsg<AppServerProtocol.StartTurn>();
        Assert.NotNull(AppServerRecord.Load(_backendTurn.Directory));
        Assert.Equal("hi", start.Parameters["input"]![0]!["text"]!.GetValue<string>());
        run.Tell(new AppServerProtocol.TurnStarted(Turn, ServerRig.TurnId), _server);
        Say(run, ServerRig.Lines("0.169-steered.jsonl"));

        Assert.Equal(ServerRig.Thread, _turn.ExpectMsg<CodexBackendProtocol.ThreadNamed>().Thread);
        var events = Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Completed>(_turn.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        Assert.Contains(events, value =>
            value is CanonicalEvent.TextDelta { Text: var text } && text.Contains("Steered.", StringComparison.Ordinal)
        );
        _server.ExpectMsg<AppServerProtocol.CloseThread>();
    }

    [Fact]
    public void A_stop_interrupts_ends_what_runs_and_ends_the_turn()
    {
        var run = Running();
        Say(run, ServerRig.Lines("0.169-interrupted.jsonl").TakeWhile(line => !IsEnd(line)));

        run.Tell(new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: false), _turn);

        var asked = _server.ExpectMsg<AppServerProtocol.Ask>();
        Assert.Equal(("turn/interrupt", ServerRig.TurnId), (asked.Method, asked.Parameters["turnId"]!.GetValue<string>()));
        Say(run, ServerRig.Lines("0.169-interrupted.jsonl").Where(IsEnd));
        var clean = _server.ExpectMsg<AppServerProtocol.Ask>();
        Assert.Equal("thread/backgroundTerminals/clean", clean.Method);
        run.Tell(new AppServerProtocol.Answered(Turn, clean.Method, default), _server);
        Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Stopped>(_turn.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }

    [Fact]
    public void A_stop_before_the_thread_is_open_starts_nothing()
    {
        var run = Begin();
        run.Tell(new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: false), _turn);

        var end = _turn.FishForMessage<CodexBackendProtocol.Ended>(_ => true);

        Assert.False(Assert.IsType<BackendResult.Stopped>(end.End.Result).HasRun);
    }

    [Fact]
    public void A_server_that_dies_in_the_turn_fails_it_unless_the_rollout_has_its_end()
    {
        var run = Running();
        run.Tell(Lost, _server);
        Told();
        ReadRollout(run, RolloutFindings.None);

        var failed = Assert.IsType<BackendResult.Failed>(_turn.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        Assert.Equal(ErrorCodes.AppServerLost, failed.Failure.Code);
    }

    [Fact]
    public void A_turn_whose_end_was_lost_with_the_server_is_done_by_its_rollout()
    {
        var run = Running();
        run.Tell(Lost, _server);
        Told();
        var messages = new Rollouts.Reading.Fields.RecordedMessages(1, "done", true, IsWhole: true)
        {
            End = new Rollouts.Reading.Fields.RecordedEnd("done"),
        };
        ReadRollout(run, new RolloutFindings { Messages = messages });

        var end = _turn.ExpectMsg<CodexBackendProtocol.Ended>().End;
        Assert.IsType<BackendResult.Completed>(end.Result);
        Assert.Equal("done", end.Answer);
    }

    [Fact]
    public void A_server_that_dies_before_the_turn_is_asked_for_leaves_it_to_be_sent_again()
    {
        var run = Begin();
        _server.ExpectMsg<AppServerProtocol.OpenThread>();

        run.Tell(Lost, _server);

        var failed = Assert.IsType<BackendResult.Failed>(_turn.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        Assert.Equal((ErrorCodes.AppServerLost, true), (failed.Failure.Code, failed.Failure.Retryable));
    }

    [Fact]
    public void A_thread_that_another_process_writes_to_is_waited_for()
    {
        var run = Begin(ServerRig.Thread);
        _rollout.ExpectMsg<RolloutProtocol.NoteStart>();
        run.Tell(new RolloutProtocol.StartNoted(Turn, new RolloutMark("/rollout", 7)), _rollout);
        _server.ExpectMsg<AppServerProtocol.OpenThread>();

        run.Tell(new AppServerProtocol.Refused(Turn, new AppServerFault(AppServerFaultKind.Busy, "already has an active writer")), _server);

        _turn.ExpectMsg<CodexBackendProtocol.WaitForThread>();
    }

    [Fact]
    public void Finished_calls_are_told_while_the_turn_goes_on_and_not_again()
    {
        var run = Running();
        Say(run, ServerRig.Lines("0.169-work.jsonl").TakeWhile(line => !line.Contains("fileChange", StringComparison.Ordinal)));
        var read = _rollout.ExpectMsg<RolloutProtocol.ReadCalls>();
        Assert.Equal((0L, true), (read.From, read.Told.IsEmpty));
        run.Tell(new RolloutProtocol.CallsRead(Turn, ["call_c4"], 99), _rollout);

        Say(run, ServerRig.Lines("0.169-work.jsonl").Where(IsEnd));
        var clean = _server.ExpectMsg<AppServerProtocol.Ask>();
        run.Tell(new AppServerProtocol.Answered(Turn, clean.Method, default), _server);
        Told();

        Assert.Equal(["call_c4"], _rollout.ExpectMsg<RolloutProtocol.ReadTurn>().Told);
    }

    [Fact]
    public void A_turn_of_an_earlier_program_goes_on_in_the_server()
    {
        Running();
        var logged = new LoggedTurn();
        logged.Count(new CanonicalEvent.TextDelta("I lo") { Item = "msg_1" });
        var turn = _backendTurn with { Logged = logged };
        var run = _turn.ChildActorOf(
            AppServerTurnActor.Props(Services, ServerTurn.Of(turn, AppServerRecord.Load(turn.Directory)!), _rollout)
        );

        run.Tell(new CodexBackendProtocol.Reattach(Turn), _turn);
        Assert.True(_server.FishForMessage<AppServerProtocol.OpenThread>(_ => true).Reattach);
        using var recent = JsonDocument.Parse(
            $$"""
            [{"id":"{{ServerRig.TurnId}}","status":"completed","items":[
              {"type":"userMessage","id":"u","clientId":"turn-1"},{"type":"agentMessage","id":"msg_1","text":"I look."}]}]
            """
        );
        run.Tell(Opened with { RecentTurns = recent.RootElement.Clone() }, _server);

        _turn.FishForMessage<CodexBackendProtocol.ThreadNamed>(_ => true);
        Assert.Equal(["ok."], Told().OfType<CanonicalEvent.TextDelta>().Select(e => e.Text));
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Completed>(_turn.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _files.Dispose();
    }

    private static AppServerProtocol.ServerLost Lost => new(new AppServerFault(AppServerFaultKind.ServerDown, "It was killed."));

    private static AppServerProtocol.ThreadOpened Opened =>
        new(Turn, ServerRig.Thread, "/rollout", Usage.Zero, null) { Server = new AppServerProtocol.ServerMark(4711, 1) };

    private AppServerTurnServices Services =>
        new(_server.Ref, _files.Root, new CodexBinarySource(FakeCodexStage.Binary, null), TimeProvider.System)
        {
            Settings = new AppServerTurnSettings { DeltaWindow = TimeSpan.Zero },
        };

    private static bool IsEnd(string line) => line.StartsWith("""{"method":"turn/completed""", StringComparison.Ordinal);

    private IActorRef Begin(ThreadId? thread = null)
    {
        var run = _turn.ChildActorOf(AppServerTurnActor.Props(Services, new ServerTurn(_backendTurn), _rollout));
        var start = new CodexBackendProtocol.Start(Turn, 1, _files.Root, new Prompt("hi", []), null, thread, null, CodexSandbox.None, null)
        {
            StartedAt = DateTimeOffset.UnixEpoch,
        };
        run.Tell(start, _turn);
        return run;
    }

    private void Open(IActorRef run, ThreadId? thread)
    {
        var open = _server.ExpectMsg<AppServerProtocol.OpenThread>();
        Assert.Equal((thread, "danger-full-access", "never"), (open.Thread, open.Setup.Sandbox, open.Setup.ApprovalPolicy));
        run.Tell(Opened, _server);
    }

    private IActorRef Running()
    {
        var run = Begin();
        Open(run, null);
        _server.ExpectMsg<AppServerProtocol.StartTurn>();
        run.Tell(new AppServerProtocol.TurnStarted(Turn, ServerRig.TurnId), _server);
        _turn.ExpectMsg<CodexBackendProtocol.ThreadNamed>();
        AwaitAssert(() => Assert.Equal(ServerRig.TurnId, AppServerRecord.Load(_backendTurn.Directory)!.ServerTurnId));
        return run;
    }

    private void Say(IActorRef run, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            var said = json.RootElement.Clone();
            run.Tell(
                new AppServerProtocol.Said(ServerRig.Thread, said.GetProperty("method").GetString()!, said.GetProperty("params")),
                _server
            );
        }
    }

    // All events up to the end.
    private ImmutableArray<CanonicalEvent> Told()
    {
        var told = ImmutableArray.CreateBuilder<CanonicalEvent>();
        while (_turn.ReceiveOne(Limits.Wait) is CodexBackendProtocol.Events events)
        {
            told.AddRange(events.Batch);
        }

        Assert.IsType<CodexBackendProtocol.Finishing>(_turn.LastMessage);
        return told.ToImmutable();
    }

    private void ReadRollout(IActorRef run, RolloutFindings findings)
    {
        _rollout.FishForMessage<RolloutProtocol.ReadTurn>(_ => true);
        run.Tell(new RolloutProtocol.TurnRead(Turn, findings), _rollout);
    }
}
