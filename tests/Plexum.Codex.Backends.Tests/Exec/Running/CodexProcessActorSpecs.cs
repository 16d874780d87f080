using Akka.Actor;
using Akka.TestKit;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output;
using Plexum.Codex.Files;
using Plexum.Codex.Processes;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Exec.Running;

public sealed class CodexProcessActorSpecs : AgentTestKit
{
    private static readonly ProcessSignal[] AllSignals = [ProcessSignal.Interrupt, ProcessSignal.Terminate, ProcessSignal.Kill];

    private readonly TestProbe _parent;
    private ExecTurn? _turn;
    private string _events = "";

    public CodexProcessActorSpecs() => _parent = CreateTestProbe();

    [Fact]
    public async Task A_codex_that_ignores_all_is_interrupted_then_after_5_seconds_terminated_then_after_2_killed()
    {
        var actor = await StartStubbornAsync();
        var codex = LastCodex();

        actor.Tell(new CodexProcessProtocol.Stop(ExecEndCause.TimedOut, Force: false));

        Identify(actor);
        Assert.Equal(AllSignals[..1], Signals);
        Advance(actor, milliseconds: 4999);
        Assert.Equal(AllSignals[..1], Signals);
        Advance(actor, milliseconds: 1);
        Assert.Equal(AllSignals[..2], Signals);
        Advance(actor, milliseconds: 1999);
        Assert.Equal(AllSignals[..2], Signals);
        Assert.True(codex.IsRunning);
        Clock.Advance(TimeSpan.FromMilliseconds(1));

        var end = Ended().End!;
        Assert.Equal((ExecEndCause.TimedOut, (int?)9), (end.Cause, end.Exit.Signal));
        Assert.Equal(AllSignals, Signals);
    }

    [Fact]
    public async Task A_second_stop_does_not_hurry_the_first_or_change_its_cause_but_a_forced_one_kills()
    {
        var actor = await StartStubbornAsync();
        actor.Tell(new CodexProcessProtocol.Stop(ExecEndCause.Cancelled, Force: false));

        actor.Tell(new CodexProcessProtocol.Stop(ExecEndCause.TimedOut, Force: false));

        Identify(actor);
        Assert.Equal([ProcessSignal.Interrupt], Signals);
        actor.Tell(new CodexProcessProtocol.Stop(ExecEndCause.TimedOut, Force: true));
        Assert.Equal(ExecEndCause.Cancelled, Ended().End!.Cause);
        Assert.Equal([ProcessSignal.Interrupt, ProcessSignal.Kill], Signals);
    }

    [Fact]
    public async Task A_codex_that_heeds_the_first_signal_gets_no_other()
    {
        Stage.Script("touch " + Stage.File("ready"), "hang");
        var actor = await StartAsync();
        AwaitFile("ready");

        actor.Tell(new CodexProcessProtocol.Stop(ExecEndCause.Cancelled, Force: false));

        Assert.Equal(new ProcessExit(1, null), Ended().End!.Exit);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([ProcessSignal.Interrupt], Signals);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_that_comes_before_codex_has_started_stops_it_then(bool force)
    {
        Stage.Script("hang");

        var actor = await StartAsync();
        actor.Tell(new CodexProcessProtocol.Stop(ExecEndCause.Cancelled, force));

        Assert.Equal(ExecEndCause.Cancelled, Ended().End!.Cause);
        Assert.Equal([force ? ProcessSignal.Kill : ProcessSignal.Interrupt], Signals);
    }

    [Fact]
    public async Task The_end_is_reported_once_after_all_output_is_in_the_log_and_the_actor_stops()
    {
        Stage.Script("thread", "turn", "say one", "stderr two", "exit 5");
        var actor = await StartAsync();
        Watch(actor);

        var ended = Ended();

        Assert.Equal(new ProcessExit(5, null), ended.End!.Exit);
        Assert.Equal("two", ended.End.StderrTail);
        Assert.Contains(new CanonicalEvent.TextDelta("one"), TurnStory.Read(_events));
        ExpectTerminated(actor);
        Assert.False(_parent.HasMessages);
    }

    [Fact]
    public async Task A_codex_that_cannot_be_started_is_reported_with_the_reason()
    {
        var actor = await StartAsync(new CodexBinary("/gone/codex", new Version(1, 0), "/gone/codex"));
        Watch(actor);

        var failure = Ended().Failure!;

        Assert.Equal(("codex_unavailable", TurnErrorClass.Spawn), (failure.Code, failure.Class));
        Assert.Contains("/gone/codex", failure.Message, StringComparison.Ordinal);
        ExpectTerminated(actor);
    }

    [Fact]
    public async Task A_configuration_of_codex_that_cannot_be_used_is_reported_and_nothing_is_tried_again()
    {
        File.WriteAllText(Path.Combine(Stage.CodexHome, "config.toml"), "= no TOML");
        await StartAsync();

        var failure = Ended().Failure!;

        Assert.Equal(("codex_config_unusable", TurnErrorClass.Spawn, false), (failure.Code, failure.Class, failure.Retryable));
        Assert.Contains("config.toml", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Stage.Turns);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_has_codex_killed_before_the_end_is_reported()
    {
        Stage.Script(
            "thread",
            "turn",
            "child " + Stage.File("child"),
            "touch " + Stage.File("ready"),
            "wait " + Stage.File("go"),
            "say one",
            "hang"
        );
        await StartAsync();
        AwaitFile("ready");
        var codex = LastCodex();
        var child = ProcessProbe.Identify(ProcessProbe.PidIn(Stage.File("child")));

        FullDisk.Fill(_events);
        Stage.Touch("go");

        Assert.Equal("log_unwritable", Ended().Failure!.Code);
        Assert.False(codex.IsRunning);
        Eventually(() => Assert.False(child.IsRunning));
    }

    private Task<IActorRef> StartStubbornAsync()
    {
        Stage.Script("ignore INT", "ignore TERM", "touch " + Stage.File("ready"), "hang");
        return StartReadyAsync();
    }

    private async Task<IActorRef> StartReadyAsync()
    {
        // codex may well be ready before the actor knows that it has been started.
        var starts = CreateTestProbe();
        Sys.EventStream.Subscribe(starts.Ref, typeof(CodexProcessProtocol.Started));
        var actor = await StartAsync();
        starts.ExpectMsg<CodexProcessProtocol.Started>();
        AwaitFile("ready");
        return actor;
    }

    private async Task<IActorRef> StartAsync(CodexBinary? binary = null)
    {
        var id = NewTurn();
        var directory = TurnDirectory.Create(DirectoryOf(Alice), id);
        _events = directory.EventsFile;
        _turn = new ExecTurn(new BackendTurn(Alice, id, directory))
        {
            Mapper = new TurnMapper(id, Alice, null, null),
            Binary = binary ?? await Binaries.FindAsync(),
            Images = directory.WritePrompt(new Prompt("hi", [])),
        };
        var start = new CodexBackendProtocol.Start(id, 1, Stage.Workspace, new Prompt("hi", []), null, null, null, CodexSandbox.None, null)
        {
            StartedAt = DateTimeOffset.UtcNow,
        };
        var sink = Sys.ActorOf(Props.Create(() => new RecordingTurn(directory.EventsFile)));
        return _parent.ChildActorOf(CodexProcessActor.Props(Exec, new CodexRun(id, 1, start, new CodexCommandLine(), _turn, sink)));
    }

    private CodexProcessProtocol.Ended Ended() => _parent.ExpectMsg<CodexProcessProtocol.Ended>();

    private void Advance(IActorRef actor, int milliseconds)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Identify(actor);
    }

    /// <summary>A turn's actor that writes its events down and does nothing else.</summary>
    private sealed class RecordingTurn : ReceiveActor
    {
        private readonly TurnLog _log;

        public RecordingTurn(string path)
        {
            _log = TurnLog.Open(path);
            Receive<CodexBackendProtocol.ThreadNamed>(_ => { });
            Receive<CodexBackendProtocol.Events>(events => Sender.Tell(Answer(events)));
        }

        protected override void PostStop() => _log.Dispose();

        private CodexBackendProtocol.IEventsAnswer Answer(CodexBackendProtocol.Events events)
        {
            try
            {
                _log.Append(events.Batch);
                return CodexBackendProtocol.EventsKept.Instance;
            }
            catch (IOException e)
            {
                return new CodexBackendProtocol.EventsLost(e.Message);
            }
        }
    }
}
