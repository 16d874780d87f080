using System.Text.Json;
using Akka;
using Akka.Actor;
using Plexum.Codex.AppServer.Output;
using Plexum.Codex.AppServer.Server;
using Plexum.Codex.AppServer.Turns.State;
using Plexum.Codex.AppServer.Wire;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;
using Plexum.Codex.Rollouts;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Rollouts.Reading;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Turns;

/// <summary>A turn from its start to its end.</summary>
public sealed class AppServerTurnSpecs : AppServerTurnTestKit
{
    [Fact]
    public void A_turn_is_opened_noted_started_told_and_ended()
    {
        var run = Begin();

        Open(run, null);
        var start = Server.ExpectMsg<AppServerProtocol.StartTurn>();
        Assert.NotNull(AppServerRecord.Load(BackendTurn.Directory));
        Assert.Equal("hi", start.Parameters["input"]![0]!["text"]!.GetValue<string>());
        run.Tell(new AppServerProtocol.TurnStarted(Turn, ServerRig.TurnId), Server);
        Say(run, ServerRig.Lines("0.169-steered.jsonl"));

        Assert.Equal(ServerRig.Thread, TurnProbe.ExpectMsg<CodexBackendProtocol.ThreadNamed>().Thread);
        var events = Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Completed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        Assert.Contains(events, value =>
            value is CanonicalEvent.TextDelta { Text: var text } && text.Contains("Steered.", StringComparison.Ordinal)
        );
        Server.ExpectMsg<AppServerProtocol.CloseThread>();
    }

    [Fact]
    public void A_stop_interrupts_ends_what_runs_and_ends_the_turn()
    {
        var run = Running();
        Say(run, ServerRig.Lines("0.169-interrupted.jsonl").TakeWhile(line => !IsEnd(line)));

        run.Tell(new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: false), TurnProbe);

        var asked = Server.ExpectMsg<AppServerProtocol.Ask>();
        Assert.Equal(("turn/interrupt", ServerRig.TurnId), (asked.Method, asked.Parameters["turnId"]!.GetValue<string>()));
        Say(run, ServerRig.Lines("0.169-interrupted.jsonl").Where(IsEnd));
        Unload(run);
        Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Stopped>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }

    [Fact]
    public void Each_addition_is_answered_by_its_number_with_what_became_of_it()
    {
        var run = Running();
        foreach (var number in new[] { 1, 2 })
        {
            run.Tell(new CodexBackendProtocol.Steer($"text {number}") { Number = number }, TurnProbe);
            var asked = Server.ExpectMsg<AppServerProtocol.Ask>();
            Assert.Equal(("turn/steer", number), (asked.Method, asked.Number));
        }

        run.Tell(new AppServerProtocol.Answered(Turn, "turn/steer", default) { Number = 2 }, Server);
        Assert.Equal(new CodexBackendProtocol.SteerAnswered(SteerOutcome.Accepted) { Number = 2 }, SteerAnswered());
        Refuse(run, AppServerFaultKind.NoActiveTurn, 1);
        var refused = SteerAnswered();
        Assert.Equal((1, SteerOutcome.NotRunning), (refused.Number, refused.Outcome));
    }

    [Theory]
    [InlineData(AppServerFaultKind.NoAnswer, SteerOutcome.Unknown)]
    [InlineData(AppServerFaultKind.ServerDown, SteerOutcome.Unknown)]
    [InlineData(AppServerFaultKind.Unreadable, SteerOutcome.Unknown)]
    [InlineData(AppServerFaultKind.NoSuchThread, SteerOutcome.NotRunning)]
    [InlineData(AppServerFaultKind.TooLarge, SteerOutcome.Refused)]
    [InlineData(AppServerFaultKind.Overloaded, SteerOutcome.Refused)]
    [InlineData(AppServerFaultKind.Draining, SteerOutcome.Refused)]
    [InlineData(AppServerFaultKind.Other, SteerOutcome.Refused)]
    public void An_addition_that_the_server_does_not_take_is_told_with_its_words(AppServerFaultKind fault, SteerOutcome outcome)
    {
        var run = Running();
        run.Tell(new CodexBackendProtocol.Steer("now") { Number = 1 }, TurnProbe);
        Server.ExpectMsg<AppServerProtocol.Ask>();

        Refuse(run, fault, 1);

        Assert.Equal(new CodexBackendProtocol.SteerAnswered(outcome) { Number = 1, Reason = "activeTurnNotSteerable" }, SteerAnswered());
    }

    [Fact]
    public void A_turn_that_is_still_looked_for_in_the_server_takes_nothing_yet()
    {
        Running();
        var record = AppServerRecord.Load(BackendTurn.Directory)!;
        var run = TurnProbe.ChildActorOf(AppServerTurnActor.Props(Services, ServerTurn.Of(BackendTurn, record), Rollout));
        run.Tell(new CodexBackendProtocol.Reattach(Turn), TurnProbe);

        run.Tell(new CodexBackendProtocol.Steer("now") { Number = 1 }, TurnProbe);

        Assert.Equal(SteerOutcome.NotAtHand, SteerAnswered().Outcome);
    }

    [Fact]
    public void A_stop_before_the_thread_is_open_starts_nothing()
    {
        var run = Begin();
        run.Tell(new CodexBackendProtocol.Stop(StopCause.Cancelled, Force: false), TurnProbe);

        var end = TurnProbe.FishForMessage<CodexBackendProtocol.Ended>(_ => true);

        Assert.False(Assert.IsType<BackendResult.Stopped>(end.End.Result).HasRun);
    }

    [Fact]
    public void A_server_that_dies_in_the_turn_fails_it_unless_the_rollout_has_its_end()
    {
        var run = Running();
        run.Tell(Lost, Server);
        Unload(run);
        Told();
        ReadRollout(run, RolloutFindings.None);

        var failed = Assert.IsType<BackendResult.Failed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        Assert.Equal(ErrorCodes.AppServerLost, failed.Failure.Code);
    }

    [Fact]
    public void A_turn_is_not_given_up_when_the_program_ends_and_the_servers_actor_is_the_first_to_stop()
    {
        var run = Running();
        var held = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        var shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "held", () => held.Task);
        _ = shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        Watch(Server.Ref);
        Sys.Stop(Server.Ref);
        ExpectTerminated(Server.Ref);

        Say(run, ServerRig.Lines("0.169-steered.jsonl"));

        Told();
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Completed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        held.SetResult(Done.Instance);
    }

    [Fact]
    public void A_turn_whose_end_was_lost_with_the_server_is_done_by_its_rollout()
    {
        var run = Running();
        run.Tell(Lost, Server);
        Unload(run);
        Told();
        var messages = new Rollouts.Reading.Fields.RecordedMessages(1, "done", true, IsWhole: true)
        {
            End = new Rollouts.Reading.Fields.RecordedEnd("done"),
        };
        ReadRollout(run, new RolloutFindings { Messages = messages });

        var end = TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End;
        Assert.IsType<BackendResult.Completed>(end.Result);
        Assert.Equal("done", end.Answer);
    }

    [Fact]
    public void A_server_that_dies_before_the_turn_is_asked_for_leaves_it_to_be_sent_again()
    {
        var run = Begin();
        Server.ExpectMsg<AppServerProtocol.OpenThread>();

        run.Tell(Lost, Server);

        var failed = Assert.IsType<BackendResult.Failed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
        Assert.Equal((ErrorCodes.AppServerLost, true), (failed.Failure.Code, failed.Failure.Retryable));
    }

    [Fact]
    public void A_thread_that_another_process_writes_to_is_waited_for()
    {
        var run = Begin(ServerRig.Thread);
        Rollout.ExpectMsg<RolloutProtocol.NoteStart>();
        run.Tell(new RolloutProtocol.StartNoted(Turn, new RolloutMark("/rollout", 7)), Rollout);
        Server.ExpectMsg<AppServerProtocol.OpenThread>();

        run.Tell(new AppServerProtocol.Refused(Turn, new AppServerFault(AppServerFaultKind.Busy, "already has an active writer")), Server);

        TurnProbe.ExpectMsg<CodexBackendProtocol.WaitForThread>();
    }

    [Fact]
    public void Finished_calls_are_told_while_the_turn_goes_on_and_not_again()
    {
        var run = Running();
        Say(run, ServerRig.Lines("0.169-work.jsonl").TakeWhile(line => !line.Contains("fileChange", StringComparison.Ordinal)));
        var read = Rollout.ExpectMsg<RolloutProtocol.ReadCalls>();
        Assert.Equal((0L, true), (read.From, read.Told.IsEmpty));
        run.Tell(new RolloutProtocol.CallsRead(Turn, ["call_c4"], 99), Rollout);

        Say(run, ServerRig.Lines("0.169-work.jsonl").Where(IsEnd));
        var clean = Server.ExpectMsg<AppServerProtocol.Ask>();
        run.Tell(new AppServerProtocol.Answered(Turn, clean.Method, default), Server);
        Told();

        Assert.Equal(["call_c4"], Rollout.ExpectMsg<RolloutProtocol.ReadTurn>().Told);
    }

    [Fact]
    public void A_turn_of_an_earlier_program_goes_on_in_the_server()
    {
        Running();
        var logged = new LoggedTurn();
        logged.Count(new CanonicalEvent.TextDelta("I lo") { Item = "msg_1" });
        var turn = BackendTurn with { Logged = logged };
        var run = TurnProbe.ChildActorOf(
            AppServerTurnActor.Props(Services, ServerTurn.Of(turn, AppServerRecord.Load(turn.Directory)!), Rollout)
        );

        run.Tell(new CodexBackendProtocol.Reattach(Turn), TurnProbe);
        Assert.True(Server.FishForMessage<AppServerProtocol.OpenThread>(_ => true).Reattach);
        using var recent = JsonDocument.Parse(
            $$"""
            [{"id":"{{ServerRig.TurnId}}","status":"completed","items":[
              {"type":"userMessage","id":"u","clientId":"turn-1"},{"type":"agentMessage","id":"msg_1","text":"I look."}]}]
            """
        );
        run.Tell(Opened with { RecentTurns = recent.RootElement.Clone() }, Server);

        TurnProbe.FishForMessage<CodexBackendProtocol.ThreadNamed>(_ => true);
        Assert.Equal(["ok."], Told().OfType<CanonicalEvent.TextDelta>().Select(e => e.Text));
        ReadRollout(run, RolloutFindings.None);
        Assert.IsType<BackendResult.Completed>(TurnProbe.ExpectMsg<CodexBackendProtocol.Ended>().End.Result);
    }
}
