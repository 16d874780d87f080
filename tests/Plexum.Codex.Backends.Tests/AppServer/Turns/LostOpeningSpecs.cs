using System.Text.Json;
using Akka.Actor;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Processes;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Rollouts.Reading.Fields;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>Turns whose server is lost before codex has begun them.</summary>
public sealed class LostOpeningSpecs : AppServerTurnTestKit
{
    [Fact]
    public void A_turn_whose_server_dies_while_it_loads_the_thread_runs_in_the_next_server()
    {
        var run = Opening();

        run.Tell(Lost, Server);

        Open(run, ServerRig.Thread);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        TurnProbe.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_turn_whose_server_dies_while_the_turn_is_recorded_runs_in_the_next_server()
    {
        var run = Opening();

        OpenAndLose(run);

        var open = Server.FishForMessage<AppServerProtocol.OpenThread>(_ => true);
        Assert.Equal(ServerRig.Thread, open.Thread);
        run.Tell(Opened, Server);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        Server.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_turn_whose_connection_breaks_while_the_thread_is_loaded_asks_again()
    {
        var run = Opening();

        run.Tell(
            new AppServerProtocol.Refused(Turn, new AppServerFault(AppServerFaultKind.ServerDown, "Reset.")) { Method = "thread/resume" },
            Server
        );

        Open(run, ServerRig.Thread);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
    }

    [Fact]
    public void A_turn_that_loses_a_second_server_fails_and_may_be_sent_again()
    {
        var run = Opening();
        run.Tell(Lost, Server);
        Server.ExpectMsg<AppServerProtocol.OpenThread>();
        run.Tell(new AppServerProtocol.Opening(Turn, Opened.Server), Server);

        run.Tell(Lost, Server);

        var failed = Assert.IsType<BackendResult.Failed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        Assert.Equal((ErrorCodes.AppServerLost, true), (failed.Failure.Code, failed.Failure.Retryable));
    }

    [Fact]
    public void A_turn_whose_next_server_cannot_be_started_fails_and_may_be_sent_again()
    {
        var run = Opening();
        run.Tell(Lost, Server);
        Server.ExpectMsg<AppServerProtocol.OpenThread>();

        run.Tell(
            new AppServerProtocol.Refused(Turn, new AppServerFault(AppServerFaultKind.ServerDown, "No codex."))
            {
                Method = "thread/resume",
            },
            Server
        );

        var failed = Assert.IsType<BackendResult.Failed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        Assert.Equal((ErrorCodes.AppServerLost, true), (failed.Failure.Code, failed.Failure.Retryable));
    }

    [Fact]
    public void A_turn_that_was_stopped_when_its_server_died_asks_no_other()
    {
        var run = Opening();
        OpenAndLose(run);

        run.Tell(new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: false), TurnProbe);

        var end = TurnProbe.FishForMessage<CodexBackendProtocol.Ended>(_ => true).End;
        Assert.False(Assert.IsType<BackendResult.Stopped>(end.Result).HasRun);
        Server.ExpectMsg<AppServerProtocol.CloseThread>();
        Server.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_server_that_is_told_lost_twice_is_one()
    {
        var run = Opening();

        Together(run, Lost, Lost);

        Open(run, ServerRig.Thread);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        TurnProbe.ExpectNoMsg(TimeSpan.Zero);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_turn_of_a_thread_whose_rollout_has_nothing_new_is_started_again(bool isNew)
    {
        var rollout = Files.Write("rollout", "{}");
        var run = Opening(new RolloutMark(rollout, 2));
        run.Tell(Opened with { RolloutPath = rollout }, Server);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        File.AppendAllText(rollout, isNew ? "{}" : "");

        run.Tell(Lost, Server);

        if (isNew)
        {
            Unload(run);
        }
        else
        {
            TurnProbe.ExpectMsg<CodexBackendProtocol.StartAgain>();
        }
    }

    [Fact]
    public void A_turn_is_not_started_again_while_its_server_may_run_it()
    {
        var alive = ProcessIdentity.Read(Environment.ProcessId)!;
        var mark = new AppServerProtocol.ServerMark(alive.Pid, alive.StartedAt);
        var run = Opening(Opened with { RolloutPath = Path.Combine(Files.Root, "rollout"), Server = mark });
        Server.ExpectMsg<AppServerProtocol.StartTurn>();

        run.Tell(Lost, Server);

        Unload(run);
    }

    [Fact]
    public void A_turn_in_which_codex_has_asked_something_is_not_started_again()
    {
        var run = Opening();
        using var request = JsonDocument.Parse("0");
        using var parameters = JsonDocument.Parse("""{"threadId":"t","serverName":"s","message":"Who?","requestedSchema":{}}""");
        run.Tell(
            new AppServerProtocol.Asked(
                ServerRig.Thread,
                request.RootElement.Clone(),
                "mcpServer/elicitation/request",
                parameters.RootElement.Clone()
            ),
            Server
        );

        run.Tell(Lost, Server);

        var end = TurnProbe.FishForMessage<CodexBackendProtocol.Ended>(_ => true).End;
        Assert.IsType<BackendResult.Failed>(end.Result);
    }

    [Fact]
    public void A_start_that_never_reached_the_server_does_not_make_the_turn_wait_for_the_thread()
    {
        var run = Opening(Opened with { RolloutPath = Path.Combine(Files.Root, "rollout") });
        Server.ExpectMsg<AppServerProtocol.StartTurn>();

        var refused = new AppServerProtocol.Refused(Turn, new AppServerFault(AppServerFaultKind.NoSuchThread, "Not loaded."))
        {
            Method = "turn/start",
        };
        Together(run, Lost, refused);

        TurnProbe.ExpectMsg<CodexBackendProtocol.StartAgain>();
        TurnProbe.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void An_agent_keeps_the_new_thread_of_a_lost_turn_if_codex_has_recorded_it()
    {
        var run = LostWhenRecorded();

        ReadRollout(run, new RolloutFindings { Messages = new RecordedMessages(0, null, null, IsWhole: true) });

        Assert.Equal(ServerRig.Thread, TurnProbe.ExpectMsg<CodexBackendProtocol.ThreadNamed>().Thread);
        Assert.Equal(ServerRig.Thread, TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Thread);
    }

    [Fact]
    public void A_new_thread_of_which_codex_recorded_nothing_is_nobodys()
    {
        var run = Opening(Opened);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        run.Tell(
            new AppServerProtocol.Refused(Turn, new AppServerFault(AppServerFaultKind.NoAnswer, "Late.")) { Method = "turn/start" },
            Server
        );
        Unload(run);
        Told();

        ReadRollout(run, RolloutFindings.None);

        Assert.Null(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Thread);
    }

    [Fact]
    public void A_turn_is_started_again_if_codex_recorded_nothing_of_it_before_its_server_died()
    {
        var run = Opening(Opened with { RolloutPath = Path.Combine(Files.Root, "rollout") });
        Server.ExpectMsg<AppServerProtocol.StartTurn>();

        run.Tell(Lost, Server);

        TurnProbe.ExpectMsg<CodexBackendProtocol.StartAgain>();
        Start(run);
        Server.FishForMessage<AppServerProtocol.OpenThread>(_ => true);
        var late = new AppServerFault(AppServerFaultKind.NoSuchThread, "Not loaded.");
        run.Tell(new AppServerProtocol.Refused(Turn, late) { Method = "turn/start" }, Server);
        run.Tell(Opened, Server);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
    }

    [Fact]
    public void A_turn_of_which_codex_recorded_something_before_its_server_died_is_lost()
    {
        var run = LostWhenRecorded();

        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Failed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }

    [Fact]
    public void A_turn_that_is_stopped_while_it_is_found_out_whether_codex_began_it_ends_once()
    {
        var run = Opening(Opened with { RolloutPath = Path.Combine(Files.Root, "rollout") });
        Server.ExpectMsg<AppServerProtocol.StartTurn>();

        Together(run, Lost, new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: false));

        var end = TurnProbe.FishForMessage<CodexBackendProtocol.Ended>(_ => true).End;
        Assert.False(Assert.IsType<BackendResult.Stopped>(end.Result).HasRun);
    }

    // Codex has recorded something of the turn of a new thread when its server dies, and all but the rollout is looked at.
    private IActorRef LostWhenRecorded()
    {
        var rollout = Path.Combine(Files.Root, "rollout");
        var run = Opening(Opened with { RolloutPath = rollout });
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        File.WriteAllText(rollout, "{}");
        run.Tell(Lost, Server);
        Unload(run);
        Told();
        return run;
    }

    // The loss comes before the record is written.
    private void OpenAndLose(IActorRef run) => Together(run, Opened, Lost);

    // Nothing comes between them.
    private void Together(IActorRef run, params IEnumerable<object> messages)
    {
        var mailbox = (IInternalActorRef)run;
        mailbox.Suspend();
        foreach (var message in messages)
        {
            run.Tell(message, Server);
        }

        mailbox.Resume(null);
    }

    // A server has taken a new thread, and opens it.
    private IActorRef Opening(AppServerProtocol.ThreadOpened opened)
    {
        var run = Begin();
        Server.ExpectMsg<AppServerProtocol.OpenThread>();
        run.Tell(new AppServerProtocol.Opening(Turn, opened.Server), Server);
        run.Tell(opened, Server);
        return run;
    }

    // A server has taken the thread and loads it.
    private IActorRef Opening(RolloutMark? mark = null)
    {
        var run = Begin(ServerRig.Thread);
        Rollout.ExpectMsg<RolloutProtocol.NoteStart>();
        run.Tell(new RolloutProtocol.StartNoted(Turn, mark), Rollout);
        Server.ExpectMsg<AppServerProtocol.OpenThread>();
        run.Tell(new AppServerProtocol.Opening(Turn, Opened.Server), Server);
        return run;
    }
}
