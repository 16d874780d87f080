using System.Collections.Immutable;
using System.Reflection;
using Akka.Actor;
using Plexum.Codex.Agents;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Ledger;
using Plexum.Codex.Logs;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Recovery;

/// <summary>The ledger, the agents and what hands the one's turns to the others.</summary>
public sealed class RecoveryActorSpecs : AgentTestKit
{
    private readonly Akka.TestKit.TestProbe _ends;

    public RecoveryActorSpecs()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "say ${prompt}", "completed 7 3");
        Ledger = SqliteLedger.OpenAsync(Stage.File("ledger.db"), TimeProvider.System, _ => { }).Result;
        _ends = CreateTestProbe();
        HearOfEnds(_ends.Ref);
    }

    [Fact]
    public async Task What_a_dead_program_left_is_resumed_and_ends_in_the_ledger()
    {
        var turns = new[] { Submit("1"), Submit("2"), Submit("3", Bob) };
        Assert.All(turns, turn => turn.Accepted());
        AwaitFile("ready");
        Eventually(() => Assert.Equal(2, Stage.Calls.Count));
        await Ledger.FlushAsync();
        LeaveAgents();

        var recovery = Sys.ActorOf(RecoveryActor.Props(Ledger, Registry));
        recovery.Tell(RecoveryProtocol.AwaitDispatch.Instance, TestActor);
        Assert.Equal(new RecoveryProtocol.Dispatched(2, 3), ExpectMsg<RecoveryProtocol.Dispatched>());
        recovery.Tell(RecoveryProtocol.AwaitRecovery.Instance, TestActor);
        Assert.Equal(new RecoveryProtocol.Recovered(2, 1, 0), ExpectMsg<RecoveryProtocol.Recovered>());
        Stage.Touch("go");

        await AssertEnded(turns);
        Assert.Equal(3, Stage.Calls.Count);
        Assert.Empty(await Ledger.UnfinishedAsync(TurnOwner.Local));
    }

    [Fact]
    public async Task The_ledger_knows_each_state_of_a_turn()
    {
        var turn = Submit("1");
        var waiting = Submit("2");
        waiting.Accepted();
        AwaitFile("ready");

        await Ledger.FlushAsync();
        Assert.Equal(TurnState.Running, (await Ledger.FindTurnAsync(turn.Id))!.State);
        Assert.Equal(TurnState.Queued, (await Ledger.FindTurnAsync(waiting.Id))!.State);
        Assert.Equal(CancelOutcome.Dequeued, Cancel(waiting));
        Stage.Touch("go");
        turn.Ended(StopReason.EndTurn);

        await Ledger.FlushAsync();
        var ended = (await Ledger.FindTurnAsync(turn.Id))!;
        Assert.Equal((TurnState.Ended, StopReason.EndTurn, new Usage(7, 3, 0, 0)), (ended.State, ended.StopReason!.Value, ended.Usage));
        Assert.Equal(StopReason.Cancelled, (await Ledger.FindTurnAsync(waiting.Id))!.StopReason);
    }

    [Fact]
    public async Task A_turn_that_failed_is_in_the_ledger_with_its_error()
    {
        Stage.Script("thread", "turn", "failed You've hit your usage limit.");
        var turn = Submit("1");
        turn.Ended(StopReason.Error);

        await Ledger.FlushAsync();
        var ended = (await Ledger.FindTurnAsync(turn.Id))!;
        Assert.Equal(("usage_limit_exceeded", TurnErrorClass.UsageLimit), (ended.ErrorCode, ended.ErrorClass!.Value));
    }

    [Fact]
    public void The_same_key_gives_the_same_turn_and_runs_it_once()
    {
        var request = new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("hello")]);
        var (first, again, afterwards) = (NewTurn(), NewTurn(), NewTurn());
        Registry.Tell(new AgentProtocol.SubmitTurn(first, request, Submitter.Owner, "key"), TestActor);
        Assert.Equal(new AgentProtocol.TurnAccepted(Alice, first, 0), ExpectMsg<AgentProtocol.TurnAccepted>());
        Registry.Tell(new AgentProtocol.SubmitTurn(again, request, Submitter.Owner, "key"), CreateTestProbe().Ref);
        AwaitFile("ready");

        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.SubmitTurn(again, request, Submitter.Owner, "key"), probe.Ref);
        Assert.Equal(new AgentProtocol.TurnAccepted(Alice, first, 0, IsNew: false), probe.ExpectMsg<AgentProtocol.TurnAccepted>());
        Stage.Touch("go");
        _ends.ExpectMsg<TurnNotice.Ended>();
        Registry.Tell(new AgentProtocol.SubmitTurn(afterwards, request, Submitter.Owner, "key"), probe.Ref);

        Assert.Equal(first, probe.ExpectMsg<AgentProtocol.TurnAccepted>().TurnId);
        Assert.Single(Stage.Calls);
    }

    [Fact]
    public void The_same_key_with_another_request_is_refused_and_its_turn_is_named()
    {
        var request = new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("hello")]);
        var (first, other) = (NewTurn(), NewTurn());
        Registry.Tell(new AgentProtocol.SubmitTurn(first, request, Submitter.Owner, "key"), TestActor);
        ExpectMsg<AgentProtocol.TurnAccepted>();

        foreach (
            var different in new[]
            {
                request with
                {
                    Messages = [TurnMessage.User("hello!")],
                },
                request with
                {
                    Workspace = Stage.File("elsewhere"),
                },
                request with
                {
                    Model = "gpt-5",
                },
                request with
                {
                    Timeout = TimeSpan.FromSeconds(1),
                },
            }
        )
        {
            Registry.Tell(new AgentProtocol.SubmitTurn(other, different, Submitter.Owner, "key"), TestActor);
            var rejected = ExpectMsg<AgentProtocol.TurnRejected>();
            Assert.Equal((first, TurnRefusalReason.IdempotencyKeyReused), (rejected.TurnId, rejected.Refusal.Reason));
            Assert.Contains(first.Value, rejected.Refusal.Message, StringComparison.Ordinal);
        }

        Registry.Tell(new AgentProtocol.SubmitTurn(other, request with { AgentId = Bob }, Submitter.Owner, "key"), TestActor);
        Assert.Equal(other, ExpectMsg<AgentProtocol.TurnAccepted>().TurnId);
        Stage.Touch("go");
        _ends.ReceiveN(2);
        Assert.Equal(["hello", "hello"], Stage.Calls.Select(call => call.Prompt));
    }

    [Fact]
    public async Task A_turn_that_cannot_be_written_down_is_refused()
    {
        await Ledger.DisposeAsync();

        var refusal = Submit("hello").Rejected();

        Assert.Equal(TurnRefusalReason.LedgerUnavailable, refusal.Reason);
        Assert.Empty(Stage.Calls);
    }

    [Fact]
    public async Task Turns_are_handed_over_again_when_the_registry_was_restarted()
    {
        var registry = CreateTestProbe();
        var recovery = Sys.ActorOf(RecoveryActor.Props(Ledger, registry.Ref));
        recovery.Tell(RecoveryProtocol.AwaitRecovery.Instance, TestActor);
        Assert.Equal(new RecoveryProtocol.Recovered(0, 0, 0), ExpectMsg<RecoveryProtocol.Recovered>());
        var turn = Submit("1");
        turn.Accepted();

        Sys.EventStream.Publish(AgentRegistryProtocol.RegistryRestarted.Instance);

        Assert.Equal(turn.Id, Assert.Single(registry.ExpectMsg<AgentProtocol.RecoverTurns>().Turns).TurnId);
        Stage.Touch("go");
        await AssertEnded(turn);
    }

    [Fact]
    public void Those_who_wait_are_answered_although_the_actor_failed()
    {
        var ledger = DispatchProxy.Create<ITurnLedger, StuckLedger>();
        ((StuckLedger)(object)ledger).Ledger = Ledger;
        var (dispatch, end) = (CreateTestProbe(), CreateTestProbe());
        var recovery = Sys.ActorOf(RecoveryActor.Props(ledger, CreateTestProbe().Ref));
        recovery.Tell(RecoveryProtocol.AwaitDispatch.Instance, dispatch.Ref);
        recovery.Tell(RecoveryProtocol.AwaitRecovery.Instance, end.Ref);
        Identify(recovery);

        recovery.Restart();

        Assert.Equal(new RecoveryProtocol.Dispatched(0, 0), dispatch.ExpectMsg<RecoveryProtocol.Dispatched>());
        Assert.Equal(new RecoveryProtocol.Recovered(0, 0, 0), end.ExpectMsg<RecoveryProtocol.Recovered>());
    }

    [Fact]
    public void An_agent_that_answers_twice_because_the_actor_failed_counts_once()
    {
        Submit("1").Accepted();
        var registry = CreateTestProbe();
        var recovery = Sys.ActorOf(RecoveryActor.Props(Ledger, registry.Ref));
        registry.ExpectMsg<AgentProtocol.RecoverTurns>();
        recovery.Tell(RecoveryProtocol.AwaitRecovery.Instance, TestActor);
        Identify(recovery);

        recovery.Restart();
        registry.ExpectMsg<AgentProtocol.RecoverTurns>();
        recovery.Tell(new AgentProtocol.TurnsRecovered(Alice, 1, 0, 0));
        recovery.Tell(new AgentProtocol.TurnsRecovered(Alice, 0, 0, 0));

        Assert.Equal(new RecoveryProtocol.Recovered(1, 0, 0), ExpectMsg<RecoveryProtocol.Recovered>());
        recovery.Tell(RecoveryProtocol.AwaitRecovery.Instance, TestActor);
        Assert.Equal(new RecoveryProtocol.Recovered(1, 0, 0), ExpectMsg<RecoveryProtocol.Recovered>());
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Ledger.DisposeAsync().AsTask().Wait(Limits.Wait);
    }

    private async Task AssertEnded(params TurnRun[] turns)
    {
        var ended = _ends.ReceiveN(turns.Length).Cast<TurnNotice.Ended>();
        Assert.Equal(turns.Select(turn => turn.Id.Value).Order(), ended.Select(end => end.TurnId.Value).Order());
        await Ledger.FlushAsync();
        foreach (var turn in turns)
        {
            Assert.Equal([Assert.IsType<ContentBlock.Text>(turn.Request.Messages[0].Content[0]).Value], TurnStory.Whole(turn).Texts);
            Assert.Equal(TurnState.Ended, (await Ledger.FindTurnAsync(turn.Id))!.State);
        }
    }

    /// <summary>A ledger whose first answer about unfinished turns never comes.</summary>
    public class StuckLedger : DispatchProxy
    {
        private int _questions;

        public ITurnLedger Ledger { get; set; } = NoLedger.Instance;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod!.Name == nameof(ITurnLedger.UnfinishedAsync) && ++_questions == 1
                ? new TaskCompletionSource<ImmutableArray<UnfinishedTurn>>().Task
                : targetMethod.Invoke(Ledger, args);
    }
}
