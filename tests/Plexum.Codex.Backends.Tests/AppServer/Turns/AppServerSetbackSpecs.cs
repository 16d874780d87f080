using Akka.Actor;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Requests;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>Turns whose server answers late, not at all, or anew, and what turns leave running in it.</summary>
public sealed class AppServerSetbackSpecs : AppServerTurnTestKit
{
    private const string Look = """{"type":"agentMessage","id":"msg_1","text":"I look."}""";

    private const string Prompt = """{"type":"userMessage","id":"u","clientId":"turn-1"}""";

    [Fact]
    public void A_turn_with_sub_agents_ends_once_its_thread_is_unloaded()
    {
        var run = Running();
        Say(
            run,
            [
                Item("item/started", """{"type":"collabAgentToolCall","id":"call_1","tool":"spawnAgent","status":"inProgress"}"""),
                Item("item/completed", """{"type":"collabAgentToolCall","id":"call_1","tool":"spawnAgent","status":"completed"}"""),
                TurnEnd("completed"),
            ]
        );

        Unload(run);

        Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Completed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }

    [Fact]
    public void What_may_go_on_because_the_thread_is_not_unloaded_is_told()
    {
        var run = Running();
        Stop(run);
        Server.ExpectMsg<AppServerProtocol.Ask>();
        Say(run, [TurnEnd("interrupted")]);

        Unload(run, "The thread cannot be unloaded: disk full.");
        var clean = Server.ExpectMsg<AppServerProtocol.Ask>();
        Assert.Equal("thread/backgroundTerminals/clean", clean.Method);
        run.Tell(new AppServerProtocol.Answered(Turn, clean.Method, default), Server);

        var notice = Assert.Single(Told().OfType<CanonicalEvent.Notice>());
        Assert.Equal(NoticeCodes.Survivors, notice.Code);
        Assert.Contains("disk full", notice.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interrupt_that_is_not_answered_is_followed_by_unloading_the_thread_and_that_ends_the_turn()
    {
        var run = Running();
        run.Tell(new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: true), TurnProbe);
        Assert.Equal("turn/interrupt", Server.ExpectMsg<AppServerProtocol.Ask>().Method);

        Unload(run, "It is being loaded.");
        run.Tell(new AppServerProtocol.Unloaded(ServerRig.Thread, null), Server);

        Unload(run);
        Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.True(Assert.IsType<BackendResult.Stopped>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result).HasRun);
    }

    [Fact]
    public void What_comes_before_the_server_has_begun_with_a_turn_waits_until_it_has()
    {
        var run = Starting();
        run.Tell(new CodexBackendProtocol.Steer("Be short.") { Number = 1 }, TurnProbe);
        Stop(run);
        Server.ExpectNoMsg(TimeSpan.Zero);

        Say(run, [Started]);

        Assert.Equal("turn/interrupt", Server.ExpectMsg<AppServerProtocol.Ask>().Method);
        Assert.Equal("turn/steer", Server.ExpectMsg<AppServerProtocol.Ask>().Method);
    }

    [Fact]
    public void A_turn_that_was_given_up_before_its_record_was_written_is_over_in_it()
    {
        var turn = new ServerTurn(BackendTurn);
        turn.NoteSettled();

        turn.NoteStart(
            new CodexBackendProtocol.Start(Turn, 1, Files.Root, new Prompt("hi", []), null, null, null, CodexSandbox.None, null)
            {
                StartedAt = DateTimeOffset.UnixEpoch,
            },
            Opened
        );

        Assert.True(AppServerRecord.Load(BackendTurn.Directory)!.Settled);
    }

    [Fact]
    public async Task A_turn_that_is_given_up_is_ended_even_while_its_run_listens()
    {
        Running();
        var found = await new AppServerBackend(Services).FindAsync(BackendTurn, threadWasLost: false);

        var killing = found!.Run.KillAsync();

        var unload = Server.FishForMessage<AppServerProtocol.Unload>(_ => true);
        Assert.True(unload.EvenWithTurn);
        Server.Reply(new AppServerProtocol.Unloaded(unload.Thread, null));
        await killing.WithinLimit();
    }

    [Fact]
    public void A_new_connection_tells_what_was_missed_and_nothing_again()
    {
        var run = Running();
        Say(
            run,
            [
                Item("item/started", """{"type":"agentMessage","id":"msg_1","text":""}"""),
                Delta("msg_1", "I look."),
                Item("item/completed", Look),
                Item("item/started", """{"type":"commandExecution","id":"call_1","command":"ls","status":"inProgress"}"""),
                Item("item/completed", """{"type":"commandExecution","id":"call_1","command":"ls","status":"completed","exitCode":0}"""),
                Item("item/started", """{"type":"agentMessage","id":"msg_2","text":""}"""),
                Delta("msg_2", "Do"),
            ]
        );

        var turns = Ended(
            "completed",
            Look,
            """{"type":"commandExecution","id":"call_1","command":"ls","status":"completed","exitCode":0}""",
            """{"type":"agentMessage","id":"msg_2","text":"Done."}"""
        );
        run.Tell(Reopened(turns), Server);

        Clean(run);
        var told = Told();
        Assert.Equal("I look.Done.", string.Concat(told.OfType<CanonicalEvent.TextDelta>().Select(text => text.Text)));
        Assert.Equal(2, told.OfType<CanonicalEvent.Activity>().Count());
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Completed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }

    [Fact]
    public void A_turn_goes_on_over_a_new_connection_while_the_server_runs_it()
    {
        var run = Running();

        run.Tell(Reopened(Ended("inProgress"), ServerRig.TurnId), Server);
        Say(run, [Item("item/completed", Look), TurnEnd("completed")]);

        Assert.Equal(["I look."], Told().OfType<CanonicalEvent.TextDelta>().Select(text => text.Text));
    }

    [Fact]
    public void A_turn_that_the_server_no_longer_knows_is_lost()
    {
        var run = Running();

        run.Tell(Reopened("[]"), Server);

        Unload(run);
        Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.Equal(ErrorCodes.AppServerLost, Failure().Code);
    }

    [Fact]
    public void A_turn_whose_start_was_not_answered_goes_on_if_the_next_connection_has_it()
    {
        var run = Asked();
        RefuseStart(run, AppServerFaultKind.ServerDown);

        run.Tell(Reopened(Ended("completed", Look)), Server);

        TurnProbe.ExpectMsg<CodexBackendProtocol.ThreadNamed>();
        Assert.Equal(["I look."], Told().OfType<CanonicalEvent.TextDelta>().Select(text => text.Text));
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Completed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }

    [Theory]
    [InlineData(false, null, true)]
    [InlineData(true, null, false)]
    [InlineData(false, "No answer.", false)]
    public void A_turn_whose_start_was_not_answered_is_sent_again_only_if_codex_has_not_begun_it_and_cannot(
        bool hasCalls,
        string? problem,
        bool isRetryable
    )
    {
        var run = Asked();
        RefuseStart(run, AppServerFaultKind.NoAnswer);

        Unload(run, problem);
        if (problem is not null)
        {
            Clean(run);
        }

        Told();
        ReadRollout(run, RolloutFindings.None with { HasCalls = hasCalls });
        var failure = Failure();
        Assert.Equal((ErrorCodes.AppServerLost, isRetryable), (failure.Code, failure.Retryable));
    }

    [Fact]
    public void A_turn_whose_start_was_not_answered_is_unloaded_when_the_next_connection_does_not_have_it()
    {
        var run = Asked();
        RefuseStart(run, AppServerFaultKind.ServerDown);

        run.Tell(Reopened("[]"), Server);

        Unload(run);
        Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.True(Failure().Retryable);
    }

    [Fact]
    public void A_turn_that_an_earlier_program_recorded_and_did_not_ask_for_is_started()
    {
        Asked();
        var run = Returning();

        run.Tell(Reopened("[]"), Server);

        Assert.Equal(ServerRig.Thread, Server.FishForMessage<AppServerProtocol.CloseThread>(_ => true).Thread);
        TurnProbe.FishForMessage<CodexBackendProtocol.StartAgain>(_ => true);
        Start(run);
        Open(run, null);
        Assert.Equal("hi", (string?)Server.ExpectMsg<AppServerProtocol.StartTurn>().Parameters["input"]![0]!["text"]);
    }

    [Fact]
    public void A_turn_whose_new_thread_has_nothing_yet_was_not_asked_for_and_is_started()
    {
        Asked();
        var run = Returning();

        var fault = new AppServerFault(AppServerFaultKind.NotFound, "no rollout found");
        run.Tell(new AppServerProtocol.Refused(Turn, fault) { Method = "thread/resume" }, Server);

        TurnProbe.FishForMessage<CodexBackendProtocol.StartAgain>(_ => true);
    }

    [Fact]
    public void A_turn_that_was_in_doubt_is_started_again_if_the_next_connection_does_not_find_its_new_thread()
    {
        var run = Asked();
        RefuseStart(run, AppServerFaultKind.ServerDown);

        var fault = new AppServerFault(AppServerFaultKind.NotFound, "no rollout found");
        run.Tell(new AppServerProtocol.Refused(Turn, fault) { Method = "thread/resume" }, Server);
        run.Tell(new AppServerProtocol.ServerLost(fault), Server);

        TurnProbe.FishForMessage<CodexBackendProtocol.StartAgain>(_ => true);
        Start(run);
        Server.FishForMessage<AppServerProtocol.OpenThread>(open => open.Thread is null);
    }

    [Fact]
    public void Readers_learn_once_that_a_sub_agent_was_declined()
    {
        var run = Running();
        var declined = new AppServerProtocol.Declined(ServerRig.Thread, "item/commandExecution/requestApproval");

        run.Tell(declined, Server);
        run.Tell(declined, Server);
        Say(run, [TurnEnd("completed")]);

        Assert.Equal(NoticeCodes.SubAgentDeclined, Assert.Single(Told().OfType<CanonicalEvent.Notice>()).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_turn_whose_start_an_earlier_program_asked_for_is_not_started_again(bool isRunning)
    {
        Asked();
        var run = Returning();

        run.Tell(isRunning ? Reopened("[]", ServerRig.TurnId) : Reopened(Ended("completed", Look)), Server);

        TurnProbe.FishForMessage<CodexBackendProtocol.ThreadNamed>(_ => true);
    }

    [Fact]
    public void A_stop_does_not_wait_for_the_server_to_open_the_thread()
    {
        var run = Begin();
        Server.ExpectMsg<AppServerProtocol.OpenThread>();

        Stop(run);

        Assert.False(Assert.IsType<BackendResult.Stopped>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result).HasRun);
        run.Tell(Opened, Server);
        Server.ExpectMsg<AppServerProtocol.CloseThread>();
    }

    [Fact]
    public void A_stop_does_not_wait_for_the_mark_of_the_rollout()
    {
        var run = Begin(ServerRig.Thread);
        Rollout.ExpectMsg<RolloutProtocol.NoteStart>();

        Stop(run);

        Assert.IsType<BackendResult.Stopped>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }

    [Fact]
    public void A_stop_while_the_server_has_not_answered_the_start_unloads_the_thread()
    {
        var run = Asked();

        Stop(run);
        Unload(run);

        Unload(run);
        Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.True(Assert.IsType<BackendResult.Stopped>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result).HasRun);
    }

    private static string Item(string method, string item) =>
        Said(
            method,
            $"""
            "item":{item}
            """
        );

    private static string Delta(string item, string text) =>
        Said(
            "item/agentMessage/delta",
            $"""
            "itemId":"{item}","delta":"{text}"
            """
        );

    private static string TurnEnd(string status) =>
        Said(
            "turn/completed",
            $$"""
            "turn":{"id":"{{ServerRig.TurnId}}","status":"{{status}}"}
            """
        );

    private static string Said(string method, string members) =>
        $$"""{"method":"{{method}}","params":{"turnId":"{{ServerRig.TurnId}}",""" + members + "}}";

    // The turn as thread/resume gives it.
    private static string Ended(string status, params string[] items) =>
        $$"""[{"id":"{{ServerRig.TurnId}}","status":"{{status}}","items":[""" + string.Join(',', [Prompt, .. items]) + "]}]";

    private void Stop(IActorRef run) => run.Tell(new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: false), TurnProbe);

    private void Clean(IActorRef run)
    {
        var clean = Server.FishForMessage<AppServerProtocol.Ask>(ask => ask.Method == "thread/backgroundTerminals/clean");
        run.Tell(new AppServerProtocol.Answered(Turn, clean.Method, default), Server);
    }

    private TurnFailure Failure() =>
        Assert.IsType<BackendResult.Failed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result).Failure;

    // The server was asked to start the turn.
    private IActorRef Asked()
    {
        var run = Begin();
        Open(run, null);
        Server.ExpectMsg<AppServerProtocol.StartTurn>();
        return run;
    }

    // The next program looks for the turn.
    private IActorRef Returning()
    {
        var record = ServerTurn.Of(BackendTurn, AppServerRecord.Load(BackendTurn.Directory)!);
        var run = TurnProbe.ChildActorOf(AppServerTurnActor.Props(Services, record, Rollout));
        run.Tell(new CodexBackendProtocol.Reattach(Turn), TurnProbe);
        Assert.True(Server.ExpectMsg<AppServerProtocol.OpenThread>().Reattach);
        return run;
    }

    private void RefuseStart(IActorRef run, AppServerFaultKind kind) =>
        run.Tell(new AppServerProtocol.Refused(Turn, new AppServerFault(kind, "It broke.")) { Method = "turn/start" }, Server);
}
