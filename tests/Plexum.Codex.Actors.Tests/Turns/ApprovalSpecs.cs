using System.Collections.Frozen;
using Plexum.Codex.Agents;
using Plexum.Codex.Agents.Checks;
using Plexum.Codex.Approvals;
using Plexum.Codex.Backend;
using Plexum.Codex.Events;
using Plexum.Codex.Options;
using Plexum.Codex.Profiles;
using Plexum.Codex.Requests;
using Plexum.Codex.TestSupport.Agents;
using Xunit;

namespace Plexum.Codex.Turns;

/// <summary>What becomes of codex's questions.</summary>
public sealed class ApprovalSpecs : AgentTestKit
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private readonly ScriptedBackend _backend = new() { Kind = BackendKind.AppServer };

    public ApprovalSpecs()
    {
        Settings = Settings with
        {
            TurnTimeout = TimeSpan.FromHours(1),
            Approvals = new ApprovalSettings { Policy = ApprovalPolicy.OnRequest, Timeout = Timeout },
        };
        _backend.Script = ["thread", "ask command rm x", "say done", "completed"];
    }

    protected override ICodexBackend Backend => _backend;

    [Theory]
    [InlineData(ApprovalDecision.Accept)]
    [InlineData(ApprovalDecision.AcceptForSession)]
    [InlineData(ApprovalDecision.Decline)]
    public void A_question_is_told_and_waits_and_its_answer_reaches_codex_and_readers(ApprovalDecision decision)
    {
        var turn = Submit("1");
        var asked = Asked(turn);
        Assert.Equal((ApprovalKind.Command, "rm x"), (asked.Question.Kind, asked.Question.Reason));
        Assert.Equal([asked.Question.Id], Waiting(turn));

        Assert.Equal(ApprovalOutcome.Taken, Answer(turn, asked.Question.Id, decision).Outcome);

        Assert.Equal(["done"], turn.Ended(StopReason.EndTurn).Texts);
        Assert.Equal([decision], _backend.Answers.Select(answer => answer.Given.Decision));
        Assert.Equal([new CanonicalEvent.ApprovalAnswer(asked.Question.Id, decision, "owner")], Answers(turn));
        Assert.Equal([ApprovalPolicy.OnRequest], _backend.Starts.Select(start => start.Options.Approvals!.Value));
    }

    [Fact]
    public void A_question_that_nobody_answers_is_declined_at_its_deadline_and_readers_are_told()
    {
        var turn = Submit("1");
        var asked = Asked(turn);
        Eventually(() => Assert.NotEmpty(Waiting(turn)));

        Eventually(() =>
        {
            Clock.Advance(Timeout);
            Assert.NotEmpty(_backend.Answers);
        });

        var story = turn.Ended(StopReason.EndTurn);
        Assert.Equal([NoticeCodes.ApprovalExpired], story.Notices);
        Assert.Equal([new CanonicalEvent.ApprovalAnswer(asked.Question.Id, ApprovalDecision.Decline, "deadline")], Answers(turn));
        Assert.Equal([ApprovalDecision.Decline], _backend.Answers.Select(answer => answer.Given.Decision));
    }

    [Fact]
    public void The_deadline_of_a_question_is_not_after_that_of_its_turn()
    {
        var limit = TimeSpan.FromMinutes(1);
        var turn = Submit(new TurnRequest(Alice, Stage.Workspace, null, [TurnMessage.User("1")]) { Timeout = limit });

        Assert.True(Asked(turn).ExpiresAt <= TimeProvider.System.GetUtcNow() + limit);
        Cancel(turn);
        turn.Ended(StopReason.Cancelled);
    }

    [Fact]
    public void A_question_that_is_answered_with_cancel_ends_its_turn_and_codex_does_nothing_of_it()
    {
        var turn = Submit("1");
        var asked = Asked(turn);

        Assert.Equal(ApprovalOutcome.Taken, Answer(turn, asked.Question.Id, ApprovalDecision.Cancel).Outcome);

        turn.Ended(StopReason.Cancelled);
        Assert.Empty(_backend.Answers);
        Assert.Equal([new CanonicalEvent.ApprovalAnswer(asked.Question.Id, ApprovalDecision.Cancel, "owner")], Answers(turn));
    }

    [Fact]
    public void The_first_answer_counts_and_what_is_not_asked_is_not_answered()
    {
        _backend.Script = ["thread", "ask command rm x", "hang"];
        var turn = Submit("1");
        var id = Asked(turn).Question.Id;
        var other = ApprovalId.Of(turn.Id, "another");
        Assert.Equal(ApprovalOutcome.NotAsked, Answer(turn, other, ApprovalDecision.Accept).Outcome);
        Answer(turn, id, ApprovalDecision.Decline);

        var late = Answer(turn, id, ApprovalDecision.Accept);

        Assert.Equal((ApprovalOutcome.AnsweredBefore, ApprovalDecision.Decline, "owner"), (late.Outcome, late.Decision!.Value, late.By));
        Cancel(turn);
        turn.Ended(StopReason.Cancelled);
        AwaitPhase(AgentPhase.Idle);
        Assert.Equal(ApprovalOutcome.NotAtHand, Answer(turn, id, ApprovalDecision.Accept).Outcome);
        Assert.Equal([ApprovalDecision.Decline], _backend.Answers.Select(answer => answer.Given.Decision));
    }

    [Fact]
    public void A_question_of_the_model_is_not_answered_with_a_yes_alone()
    {
        _backend.Script = ["thread", "ask user_input which?", "completed"];
        var turn = Submit("1");
        var id = Asked(turn).Question.Id;

        Assert.Equal(ApprovalOutcome.WordsMissing, Answer(turn, id, ApprovalDecision.Accept).Outcome);
        Assert.Equal(ApprovalOutcome.Taken, Answer(turn, id, ApprovalDecision.Accept, """{"q":"secret"}""").Outcome);

        turn.Ended(StopReason.EndTurn);
        Assert.Equal("""{"q":"secret"}""", Assert.Single(_backend.Answers).Given.Content);
        Assert.DoesNotContain("secret", File.ReadAllText(turn.Directory.EventsFile), StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_that_codex_no_longer_asks_is_told_so_and_takes_no_answer()
    {
        _backend.Script = ["thread", "offer command one", "gate", "withdraw one", "hang"];
        var turn = Submit("1");
        var id = Asked(turn).Question.Id;
        _backend.Gate.SetResult();

        Eventually(() => Assert.Equal([new CanonicalEvent.ApprovalAnswer(id, ApprovalDecision.Decline, "turn")], Answers(turn)));
        Assert.Equal(ApprovalOutcome.AnsweredBefore, Answer(turn, id, ApprovalDecision.Accept).Outcome);
        Cancel(turn);
        turn.Ended(StopReason.Cancelled);
        Assert.Single(Answers(turn));
        Assert.Empty(_backend.Answers);
    }

    [Fact]
    public void The_end_of_a_turn_withdraws_its_questions()
    {
        _backend.Script = ["thread", "say a", "ask command one"];
        var turn = Submit("1");
        var id = Asked(turn).Question.Id;

        Cancel(turn);

        turn.Ended(StopReason.Cancelled);
        Assert.Equal([new CanonicalEvent.ApprovalAnswer(id, ApprovalDecision.Decline, "turn")], Answers(turn));
        Assert.IsType<CanonicalEvent.MessageEnd>(turn.Events[^1]);
        Assert.Empty(Waiting(turn));
    }

    [Fact]
    public void With_never_a_question_is_declined_at_once_and_told_all_the_same()
    {
        Settings = Settings with { Approvals = new ApprovalSettings() };
        _backend.Script = ["thread", "ask user_input which?", "completed"];

        var turn = Submit("1");

        turn.Ended(StopReason.EndTurn);
        var id = Asked(turn).Question.Id;
        Assert.Equal([new CanonicalEvent.ApprovalAnswer(id, ApprovalDecision.Decline, "policy")], Answers(turn));
        Assert.Equal([ApprovalDecision.Decline], _backend.Answers.Select(answer => answer.Given.Decision));
        Assert.Null(Assert.Single(_backend.Starts).Options.Approvals);
    }

    [Fact]
    public void Nobody_is_asked_in_a_turn_that_answers_a_message_of_an_inbox_and_codex_asks_all_the_same()
    {
        var turn = NewRun("1");
        var key = RecoveredSandbox.InboxKey + "1";
        Registry.Tell(new AgentProtocol.SubmitTurn(turn.Id, turn.Request, Submitter.Owner, key), turn.Submitter.Ref);

        turn.Ended(StopReason.EndTurn);
        Assert.Equal([new CanonicalEvent.ApprovalAnswer(Asked(turn).Question.Id, ApprovalDecision.Decline, "policy")], Answers(turn));
        Assert.Equal([ApprovalPolicy.OnRequest], _backend.Starts.Select(start => start.Options.Approvals!.Value));
    }

    [Theory]
    [InlineData(ApprovalPolicy.OnRequest, ApprovalPolicy.OnRequest)]
    [InlineData(ApprovalPolicy.Untrusted, ApprovalPolicy.Untrusted)]
    public void A_request_may_have_codex_ask_more(ApprovalPolicy asked, ApprovalPolicy used)
    {
        _backend.Script = ["thread", "completed"];

        Submit(WithApprovals(asked)).Ended(StopReason.EndTurn);

        Assert.Equal([used], _backend.Starts.Select(start => start.Options.Approvals!.Value));
    }

    [Theory]
    [InlineData(ApprovalPolicy.Untrusted, null, ApprovalPolicy.Untrusted)]
    [InlineData(ApprovalPolicy.Never, ApprovalPolicy.OnRequest, ApprovalPolicy.OnRequest)]
    [InlineData(ApprovalPolicy.Never, null, null)]
    public void What_the_operator_says_of_the_agent_goes_before_what_holds_for_all(
        ApprovalPolicy own,
        ApprovalPolicy? asked,
        ApprovalPolicy? used
    )
    {
        Settings = Settings with { Overrides = Overrides(new AgentOverride { Approvals = own }) };
        _backend.Script = ["thread", "completed"];

        Submit(WithApprovals(asked)).Ended(StopReason.EndTurn);

        Assert.Equal([used], _backend.Starts.Select(start => start.Options.Approvals));
    }

    [Theory]
    [InlineData(null, BackendKind.AppServer)]
    [InlineData(BackendKind.Exec, BackendKind.Exec)]
    public void The_agent_s_backend_goes_before_the_setting_and_the_request_s_before_both(BackendKind? asked, BackendKind used)
    {
        _backend.Kind = BackendKind.Exec;
        Settings = Settings with
        {
            Approvals = new ApprovalSettings(),
            Overrides = Overrides(new AgentOverride { Backend = BackendKind.AppServer }),
        };
        _backend.Script = ["thread", "completed"];

        var turn = Submit(WithApprovals(null) with { Options = new TurnOptions { Backend = asked } });

        turn.Ended(StopReason.EndTurn);
        Assert.Equal(used, Assert.Single(turn.Events.OfType<CanonicalEvent.MessageStart>()).Backend);
    }

    [Fact]
    public void A_request_that_has_codex_ask_less_is_refused_whoever_makes_it() =>
        Assert.Equal("approvals_too_loose", Submit(WithApprovals(ApprovalPolicy.Never)).Rejected().Code);

    [Fact]
    public void A_turn_that_is_to_ask_is_refused_where_exec_is_to_run_it()
    {
        _backend.Kind = BackendKind.Exec;

        Assert.Equal("approvals_unsupported", Submit(WithApprovals(ApprovalPolicy.Untrusted)).Rejected().Code);
    }

    [Fact]
    public void A_backend_that_cannot_ask_does_not_begin_a_turn_that_is_to()
    {
        (_backend.Kind, _backend.IsChosenLate) = (BackendKind.Exec, true);

        var error = Submit(WithApprovals(ApprovalPolicy.Untrusted)).Ended(StopReason.Error).Error!;

        Assert.Equal(("approvals_unsupported", TurnErrorClass.Request, false), (error.Code, error.Class, error.Retryable));
        Assert.Empty(_backend.Starts);
    }

    [Fact]
    public void A_question_that_is_asked_again_by_the_next_program_is_told_once_and_keeps_its_deadline()
    {
        var turn = Submit("1");
        var first = Asked(turn);
        Eventually(() => Assert.NotEmpty(Waiting(turn)));
        LeaveAgents();

        Recover(turn);
        Eventually(() => Assert.Equal(2, _backend.Waiting));
        Eventually(() => Assert.Equal(ApprovalOutcome.Taken, Answer(turn, first.Question.Id, ApprovalDecision.Accept).Outcome));

        Eventually(() => Assert.IsType<CanonicalEvent.MessageEnd>(turn.Events[^1]));
        Assert.Equal([first], turn.Events.OfType<CanonicalEvent.ApprovalRequest>());
        Assert.Single(Answers(turn));
        Assert.Equal([ApprovalDecision.Accept], _backend.Answers.Select(answer => answer.Given.Decision));
    }

    [Fact]
    public void An_answer_that_codex_did_not_get_from_the_program_before_is_given_by_the_next_one()
    {
        var turn = Submit("1");
        var id = Asked(turn).Question.Id;
        Eventually(() => Assert.NotEmpty(Waiting(turn)));
        LeaveAgents();
        _ = ApprovalBook.AnswerAsync(turn.Id, id, new ApprovalAnswer(ApprovalDecision.Accept), "token:ci");

        Recover(turn);

        Eventually(() => Assert.IsType<CanonicalEvent.MessageEnd>(turn.Events[^1]));
        Assert.Equal([new CanonicalEvent.ApprovalAnswer(id, ApprovalDecision.Accept, "token:ci")], Answers(turn));
        Assert.Equal([ApprovalDecision.Accept], _backend.Answers.Select(answer => answer.Given.Decision));
    }

    [Fact]
    public void A_question_whose_deadline_passed_while_no_program_ran_is_declined_when_it_is_asked_again()
    {
        Settings = Settings with { Approvals = Settings.Approvals with { Timeout = TimeSpan.FromMilliseconds(1) } };
        var turn = Submit("1");
        var id = Asked(turn).Question.Id;
        LeaveAgents();

        Recover(turn);
        Eventually(() =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(10));
            Assert.IsType<CanonicalEvent.MessageEnd>(turn.Events[^1]);
        });

        Assert.Equal([new CanonicalEvent.ApprovalAnswer(id, ApprovalDecision.Decline, "deadline")], Answers(turn));
    }

    [Fact]
    public void A_question_of_a_turn_that_fails_is_answered_before_its_end()
    {
        var turn = Submit("1");
        var id = Asked(turn).Question.Id;

        _backend.Crash(turn.Id);

        turn.Ended(StopReason.Error);
        Assert.Equal([new CanonicalEvent.ApprovalAnswer(id, ApprovalDecision.Decline, "turn")], Answers(turn));
        Assert.IsType<CanonicalEvent.MessageEnd>(turn.Events[^1]);
    }

    private static FrozenDictionary<AgentId, AgentOverride> Overrides(AgentOverride own) =>
        new Dictionary<AgentId, AgentOverride> { [Alice] = own }.ToFrozenDictionary();

    private TurnRequest WithApprovals(ApprovalPolicy? policy) =>
        new(Alice, Stage.Workspace, null, [TurnMessage.User("1")]) { Options = new TurnOptions { Approvals = policy } };

    private CanonicalEvent.ApprovalRequest Asked(TurnRun turn)
    {
        CanonicalEvent.ApprovalRequest? asked = null;
        Eventually(() => asked = Assert.Single(turn.Events.OfType<CanonicalEvent.ApprovalRequest>()));
        return asked!;
    }

    private static IEnumerable<CanonicalEvent.ApprovalAnswer> Answers(TurnRun turn) => turn.Events.OfType<CanonicalEvent.ApprovalAnswer>();

    private IEnumerable<ApprovalId> Waiting(TurnRun turn) => ApprovalBook.PendingAsync(turn.Id).Result.Select(asked => asked.Question.Id);

    private ApprovalReceipt Answer(TurnRun turn, ApprovalId id, ApprovalDecision decision, string? content = null)
    {
        var probe = CreateTestProbe();
        Registry.Tell(new AgentProtocol.AnswerApproval(turn.Agent, turn.Id, id, new ApprovalAnswer(decision, content), "owner"), probe.Ref);
        return probe.ExpectMsg<ApprovalReceipt>(Limits.Wait);
    }
}
