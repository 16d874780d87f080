using Plexum.Codex.Agents;
using Plexum.Codex.Approvals;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Gateway;

/// <summary>Answering a question of codex, by what its agent says and by what is on record.</summary>
public sealed class GatewayAnswerSpecs : GatewayTestKit
{
    private static readonly ApprovalAnswer Accept = new(ApprovalDecision.Accept);

    private readonly InMemoryApprovals _book = new();

    private TurnGateway WithBook => new(Services with { ApprovalBook = _book });

    [Fact]
    public async Task What_the_turn_says_counts()
    {
        var (turn, id) = await AskedAsync();

        var answering = WithBook.AnswerAsync(turn, id, Accept, "owner");
        Agents.ExpectMsg<AgentProtocol.AnswerApproval>();
        Agents.Reply(new ApprovalReceipt(ApprovalOutcome.AnsweredBefore) { Decision = ApprovalDecision.Decline, By = "deadline" });

        Assert.Equal("deadline", (await answering.WithinLimit())!.By);
        Assert.Single(await _book.PendingAsync(turn));
    }

    [Theory]
    [InlineData(ApprovalOutcome.NotAsked)]
    [InlineData(ApprovalOutcome.NotAtHand)]
    public async Task An_answer_that_comes_before_codex_asks_again_is_kept_for_it(ApprovalOutcome outcome)
    {
        var (turn, id) = await AskedAsync();

        var answering = WithBook.AnswerAsync(turn, id, Accept, "owner");
        Say(new ApprovalReceipt(outcome), new ApprovalReceipt(outcome));

        Assert.Equal(
            new ApprovalReceipt(ApprovalOutcome.Taken) { Decision = ApprovalDecision.Accept, By = "owner" },
            await answering.WithinLimit()
        );
        Assert.Equal((Accept, "owner"), await RecordedAsync(turn));
    }

    [Fact]
    public async Task An_answer_that_codex_gets_from_the_record_meanwhile_is_taken()
    {
        var (turn, id) = await AskedAsync();

        var answering = WithBook.AnswerAsync(turn, id, Accept, "owner");
        Say(
            new ApprovalReceipt(ApprovalOutcome.NotAsked),
            new ApprovalReceipt(ApprovalOutcome.AnsweredBefore) { Decision = ApprovalDecision.Accept, By = "owner" }
        );

        Assert.Equal(ApprovalOutcome.Taken, (await answering.WithinLimit())!.Outcome);
    }

    [Fact]
    public async Task Of_two_answers_before_codex_asks_again_the_first_counts()
    {
        var (turn, id) = await AskedAsync();
        await _book.AnswerAsync(turn, id, ApprovalAnswer.Declined, "token:ci");

        var answering = WithBook.AnswerAsync(turn, id, Accept, "owner");
        Say(new ApprovalReceipt(ApprovalOutcome.NotAtHand));

        Assert.Equal(ApprovalOutcome.NotAtHand, (await answering.WithinLimit())!.Outcome);
        Assert.Equal((ApprovalAnswer.Declined, "token:ci"), await RecordedAsync(turn));
    }

    [Fact]
    public async Task What_is_not_on_record_or_late_or_does_not_fit_is_not_kept()
    {
        var (turn, id) = await AskedAsync();
        var words = new ApprovalAnswer(ApprovalDecision.Accept, """{"a":"b"}""");

        var unknown = WithBook.AnswerAsync(turn, ApprovalId.Of(turn, "another"), Accept, "owner");
        Say(new ApprovalReceipt(ApprovalOutcome.NotAsked));
        Assert.Equal(ApprovalOutcome.NotAsked, (await unknown.WithinLimit())!.Outcome);
        var unfit = WithBook.AnswerAsync(turn, id, words, "owner");
        Say(new ApprovalReceipt(ApprovalOutcome.NotAsked));
        Assert.Equal(ApprovalOutcome.Unfit, (await unfit.WithinLimit())!.Outcome);
        Time.Advance(TimeSpan.FromHours(1));
        var late = WithBook.AnswerAsync(turn, id, Accept, "owner");
        Say(new ApprovalReceipt(ApprovalOutcome.NotAsked));
        Assert.Equal(ApprovalOutcome.NotAsked, (await late.WithinLimit())!.Outcome);

        Assert.Single(await _book.PendingAsync(turn));
    }

    private void Say(params ApprovalReceipt[] receipts)
    {
        foreach (var receipt in receipts)
        {
            Agents.ExpectMsg<AgentProtocol.AnswerApproval>();
            Agents.Reply(receipt);
        }
    }

    private async Task<(TurnId Turn, ApprovalId Id)> AskedAsync()
    {
        var turn = await RunningAsync();
        var question = new ApprovalQuestion(ApprovalId.Of(turn, "0"), ApprovalKind.Command) { Command = "rm x" };
        await _book.AskAsync(new PendingApproval(turn, Alice, question, Time.GetUtcNow(), Time.GetUtcNow().AddMinutes(10)));
        return (turn, question.Id);
    }

    // Asked again, a question comes with the answer that is on record.
    private async Task<(ApprovalAnswer? Answer, string? By)> RecordedAsync(TurnId turn)
    {
        var question = new ApprovalQuestion(ApprovalId.Of(turn, "0"), ApprovalKind.Command);
        var again = await _book.AskAsync(new PendingApproval(turn, Alice, question, Time.GetUtcNow(), Time.GetUtcNow()));
        return (again.Answer, again.AnsweredBy);
    }
}
