using System.Collections.Immutable;
using Plexum.Codex.Agents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Gateway;

/// <summary>Submitting, cancelling and consuming, by the answers of the agents.</summary>
public sealed class TurnGatewaySpecs : GatewayTestKit
{
    [Fact]
    public async Task A_turn_gets_an_id_and_is_handed_to_its_agent_which_knows_its_workspace()
    {
        var submitting = Gateway.SubmitAsync(new TurnSubmission(Request(workspace: null), Submitter.Owner, "key"));

        var command = Agents.ExpectMsg<AgentProtocol.SubmitTurn>();
        Agents.Reply(new AgentProtocol.TurnAccepted(Alice, command.TurnId, 3));

        Assert.Equal(new Submission.Accepted(command.TurnId, 3, IsNew: true), await submitting.WithinLimit());
        Assert.Equal((true, "key"), (command.NamesNoWorkspace, command.IdempotencyKey));
        Assert.Null(command.Request.Workspace);
        Assert.Null(command.ToolHandler);
    }

    [Fact]
    public async Task What_the_submitter_has_chosen_reaches_the_agent_as_it_is()
    {
        var submitting = Gateway.SubmitAsync(new TurnSubmission(Request(), Submitter.Owner, ToolHandler: TestActor));

        var command = Agents.ExpectMsg<AgentProtocol.SubmitTurn>();
        Agents.Reply(new AgentProtocol.TurnAccepted(Alice, TurnId.Parse("earlier"), 0, IsNew: false));

        Assert.Equal(new Submission.Accepted(TurnId.Parse("earlier"), 0, IsNew: false), await submitting.WithinLimit());
        Assert.Equal(("/w", TestActor), (command.Request.Workspace, command.ToolHandler));
        Assert.False(command.NamesNoWorkspace);
    }

    [Fact]
    public void Turns_are_handed_over_in_the_order_in_which_they_are_submitted()
    {
        foreach (var text in new[] { "1", "2", "3" })
        {
            _ = Gateway.SubmitAsync(new TurnSubmission(Request(text), Submitter.Owner));
        }

        var texts = Agents.ReceiveN(3).Cast<AgentProtocol.SubmitTurn>().Select(turn => turn.Request.Messages[0]);
        Assert.Equal(["1", "2", "3"], texts.Select(message => Assert.IsType<ContentBlock.Text>(message.Content[0]).Value));
    }

    [Theory]
    [InlineData(TurnRefusalReason.QueueFull, true)]
    [InlineData(TurnRefusalReason.LedgerUnavailable, true)]
    [InlineData(TurnRefusalReason.NoUserText, false)]
    public async Task A_refusal_says_whether_the_same_turn_may_be_accepted_later(TurnRefusalReason reason, bool mayPass)
    {
        var refusal = new TurnRefusal(reason, "No.");

        var answer = await RefusedAsync(refusal, TurnId.Parse("new"));

        Assert.Equal(new Submission.Refused(refusal), answer);
        Assert.Equal(("No.", mayPass), (answer.Problem, answer.MayPass));
    }

    [Fact]
    public async Task A_key_that_names_another_request_is_refused_with_the_turn_that_it_names()
    {
        var refusal = new TurnRefusal(TurnRefusalReason.IdempotencyKeyReused, "Used.");

        Assert.Equal(new Submission.Refused(refusal, TurnId.Parse("first")), await RefusedAsync(refusal, TurnId.Parse("first")));
    }

    [Theory]
    [InlineData(GatewayState.NotReady)]
    [InlineData(GatewayState.ShuttingDown)]
    public async Task While_no_work_is_accepted_no_agent_is_asked(GatewayState state)
    {
        State = state;

        var answer = await Gateway.SubmitAsync(new TurnSubmission(Request(), Submitter.Owner));

        Assert.Equal(new Submission.NotOpen(state), answer);
        Assert.True(answer.MayPass);
        Assert.Equal(new ConsumeAnswer.NotOpen(state), await Gateway.ConsumeAsync(Alice, null, [], Submitter.Owner));
        Assert.False(Agents.HasMessages);
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_leaves_it_open_whether_the_turn_runs()
    {
        var hasty = new TurnGateway(Services with { AnswerLimit = TimeSpan.FromMilliseconds(50) });
        var turn = await RunningAsync();

        var answer = await hasty.SubmitAsync(new TurnSubmission(Request(), Submitter.Owner, "key")).WithinLimit();

        Assert.Equal(Submission.NoAnswer.Instance, answer);
        Assert.True(answer.MayPass);
        Assert.Equal(CancelAnswer.NoAnswer, await hasty.CancelAsync(turn, force: false).WithinLimit());
    }

    [Theory]
    [InlineData(CancelOutcome.Dequeued, CancelAnswer.Dequeued)]
    [InlineData(CancelOutcome.Stopping, CancelAnswer.Stopping)]
    [InlineData(CancelOutcome.Killed, CancelAnswer.Killed)]
    [InlineData(CancelOutcome.Ending, CancelAnswer.Ending)]
    [InlineData(CancelOutcome.NotFound, CancelAnswer.NotCurrent)]
    public async Task A_cancel_says_what_the_agent_did(CancelOutcome outcome, CancelAnswer answer)
    {
        var turn = await AcceptAsync();

        var cancelling = Gateway.CancelAsync(turn, force: outcome == CancelOutcome.Killed);

        var command = Agents.ExpectMsg<AgentProtocol.CancelTurn>();
        Assert.Equal(new AgentProtocol.CancelTurn(Alice, turn, outcome == CancelOutcome.Killed), command);
        Agents.Reply(new AgentProtocol.CancelAnswered(Alice, turn, outcome));
        Assert.Equal(answer, await cancelling.WithinLimit());
    }

    [Fact]
    public async Task A_cancel_that_arrives_at_a_turn_s_end_says_that_it_has_ended()
    {
        var turn = await RunningAsync();
        var cancelling = Gateway.CancelAsync(turn, force: false);
        Agents.ExpectMsg<AgentProtocol.CancelTurn>();
        Ledger.Ended(turn, Outcome());
        Agents.Reply(new AgentProtocol.CancelAnswered(Alice, turn, CancelOutcome.NotFound));

        Assert.Equal(CancelAnswer.Ended, await cancelling.WithinLimit());
        Assert.Equal(CancelAnswer.Ended, await Gateway.CancelAsync(turn, force: true));
        Assert.Equal(CancelAnswer.Unknown, await Gateway.CancelAsync(TurnId.Parse("unknown"), force: false));
        Assert.False(Agents.HasMessages);
    }

    [Fact]
    public async Task A_consume_waits_for_its_agent_as_long_as_it_takes_and_reports_what_became_of_it()
    {
        ImmutableArray<CallToConsume> calls = [new("call_1", CallToConsume.Light)];
        var consuming = Gateway.ConsumeAsync(Alice, null, calls, Submitter.Owner);
        var command = Agents.ExpectMsg<AgentProtocol.Consume>();
        Assert.Equal(Path.Combine(Profile, "agents", "alice", "workspace"), command.Workspace);
        Time.Advance(TimeSpan.FromDays(1));
        Assert.False(consuming.IsCompleted);
        var result = new ConsumeResult(1, 1, []);

        Agents.Reply(new AgentProtocol.ConsumeAnswered(Alice, result));

        Assert.Equal(new ConsumeAnswer.Done(result), await consuming.WithinLimit());
        var failing = Gateway.ConsumeAsync(Alice, "/w", calls, Submitter.Owner);
        Agents.ExpectMsg<AgentProtocol.Consume>();
        var failure = new ConsumeFailure(ConsumeFailureReason.ThreadBusy, "Busy.");
        Agents.Reply(new AgentProtocol.ConsumeFailed(Alice, failure));
        Assert.Equal(new ConsumeAnswer.Failed(failure), await failing.WithinLimit());
    }

    [Fact]
    public async Task A_consume_that_is_cut_short_by_the_end_of_the_program_says_so_and_one_that_is_given_up_does_not()
    {
        using var stopping = new CancellationTokenSource();
        using var given = new CancellationTokenSource();
        var gateway = new TurnGateway(Services with { Stopping = stopping.Token });
        var patient = gateway.ConsumeAsync(Alice, "/w", [], Submitter.Owner);
        var impatient = gateway.ConsumeAsync(Alice, "/w", [], Submitter.Owner, given.Token);

        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient.WithinLimit());
        await stopping.CancelAsync();

        Assert.Equal(new ConsumeAnswer.NotOpen(GatewayState.ShuttingDown), await patient.WithinLimit());
    }

    [Fact]
    public async Task A_turn_is_found_by_what_the_ledger_knows()
    {
        var turn = await EndedAsync(Outcome());

        Assert.Equal((turn, TurnState.Ended), ((await Gateway.FindAsync(turn))!.TurnId, (await Gateway.FindAsync(turn))!.State));
        Assert.Null(await Gateway.FindAsync(TurnId.Parse("unknown")));
    }

    private async Task<Submission> RefusedAsync(TurnRefusal refusal, TurnId turn)
    {
        var submitting = Gateway.SubmitAsync(new TurnSubmission(Request(), Submitter.Owner, "key"));
        Agents.ExpectMsg<AgentProtocol.SubmitTurn>();
        Agents.Reply(new AgentProtocol.TurnRejected(Alice, turn, refusal));
        return await submitting.WithinLimit();
    }
}
