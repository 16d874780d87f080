using System.Collections.Immutable;
using Akka.Actor;
using Plexum.Codex.Ledger;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Agents;

public sealed class RefusalSpecs : AgentTestKit
{
    [Fact]
    public void A_ledger_that_fails_unexpectedly_costs_that_submission_and_no_other_turn()
    {
        Ledger = new InMemoryLedger();
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var running = Submit("running");
        AwaitFile("ready");
        var queued = Submit("queued");
        queued.Accepted();
        var probe = CreateTestProbe();

        // The ledger cannot compare a request whose list of messages no host makes like this.
        var strange = new TurnRequest(Alice, Stage.Workspace, null, [null!]);
        Registry.Tell(new AgentProtocol.SubmitTurn(NewTurn(), strange, Submitter.Owner, "key"), probe.Ref);

        var refusal = probe.ExpectMsg<AgentProtocol.TurnRejected>().Refusal;
        Assert.Equal(TurnRefusalReason.LedgerUnavailable, refusal.Reason);
        Stage.Touch("go");
        running.Ended(StopReason.EndTurn);
        queued.Ended(StopReason.EndTurn);
    }

    [Fact]
    public void A_turn_without_a_workspace_is_refused() =>
        Assert.Equal(
            "codex: agent workspace required (host must supply AgentContext)",
            Refuse(TurnRefusalReason.WorkspaceRequired, null, "hi")
        );

    [Fact]
    public void A_turn_with_a_relative_workspace_is_refused() =>
        Assert.Contains("\"some/where\"", Refuse(TurnRefusalReason.WorkspaceNotAbsolute, "some/where", "hi"), StringComparison.Ordinal);

    [Fact]
    public void A_turn_with_a_workspace_that_cannot_be_written_to_is_refused()
    {
        // A file is nothing to work in, also for a user who may do anything.
        Stage.Touch("file");

        var message = Refuse(TurnRefusalReason.WorkspaceNotWritable, Stage.File("file"), "hi");

        Assert.Contains(Stage.File("file"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_turn_without_text_of_the_user_is_refused()
    {
        Assert.Equal("codex: no user text in request messages", Refuse(TurnRefusalReason.NoUserText, Stage.Workspace, " \n"));
        Refuse(TurnRefusalReason.NoUserText, new TurnRequest(Alice, Stage.Workspace, null, []));
        Refuse(
            TurnRefusalReason.NoUserText,
            new TurnRequest(Alice, Stage.Workspace, null, [new TurnMessage(MessageRole.Assistant, [new ContentBlock.Text("not the user")])])
        );
    }

    [Fact]
    public void A_turn_with_too_long_a_prompt_is_refused() =>
        Assert.Contains(
            "1048577",
            Refuse(TurnRefusalReason.PromptTooLong, Stage.Workspace, new string('x', 1_048_577)),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("--yolo")]
    [InlineData("two words")]
    public void A_turn_with_a_model_that_could_be_taken_for_something_else_is_refused(string model) =>
        Assert.Contains(
            model,
            Refuse(TurnRefusalReason.BadModel, new TurnRequest(Alice, Stage.Workspace, model, [TurnMessage.User("hi")])),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_refused_turn_does_not_disturb_the_turn_at_hand()
    {
        Stage.Script("touch " + Stage.File("ready"), "wait " + Stage.File("go"), "thread", "turn", "completed 1 1");
        var running = Submit("running");
        AwaitFile("ready");

        var refused = Submit(" ");
        refused.Rejected();
        Stage.Touch("go");

        running.Ended(StopReason.EndTurn);
        AwaitPhase(AgentPhase.Idle);
        Assert.False(refused.Submitter.HasMessages);
        Assert.Single(Stage.Calls);
    }

    private string Refuse(TurnRefusalReason reason, string? workspace, string prompt) =>
        Refuse(reason, new TurnRequest(Alice, workspace, null, ImmutableArray.Create(TurnMessage.User(prompt))));

    private string Refuse(TurnRefusalReason reason, TurnRequest request)
    {
        var turn = Submit(request);

        var refusal = turn.Rejected();

        Assert.Equal(reason, refusal.Reason);
        Assert.Equal(AgentPhase.Idle, Snapshot().Phase);
        Assert.False(turn.Submitter.HasMessages);
        Assert.False(Directory.Exists(turn.Directory.Root));
        Assert.Empty(Stage.Calls);
        return refusal.Message;
    }

    [Fact]
    public void A_message_that_names_no_agent_is_answered_with_a_failure_and_harms_no_other_agent()
    {
        var probe = CreateTestProbe();
        var running = Submit("hi");

        var nobodys = new TurnRequest(default, Stage.Workspace, null, [TurnMessage.User("hi")]);
        Registry.Tell(new AgentProtocol.SubmitTurn(NewTurn(), nobodys, Submitter.Owner), probe.Ref);

        Assert.Contains("SubmitTurn has no agent id", probe.ExpectMsg<Status.Failure>().Cause.Message, StringComparison.Ordinal);
        running.Ended(StopReason.EndTurn);
    }
}
