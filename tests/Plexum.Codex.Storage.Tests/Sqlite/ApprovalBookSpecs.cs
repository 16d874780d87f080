using Plexum.Codex.Approvals;
using Plexum.Codex.Ledger;
using Plexum.Codex.Sqlite.Approvals;
using Plexum.Codex.Sqlite.Ledger;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Sqlite;

/// <summary>Both books keep the same promises; only one of them survives a restart.</summary>
public sealed class ApprovalBookSpecs : IAsyncLifetime, IDisposable
{
    private static readonly DateTimeOffset Now = LedgerStage.Now;
    private static readonly TurnId First = LedgerStage.Turn(1);
    private static readonly TurnId Second = LedgerStage.Turn(2);

    private readonly LedgerStage _stage = new();
    private readonly InMemoryApprovals _inMemory = new();
    private SqliteLedger _ledger = null!;

    public async Task InitializeAsync() => _ledger = await _stage.OpenAsync();

    public async Task DisposeAsync() => await _ledger.DisposeAsync();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_question_that_is_asked_again_is_the_first_one_and_its_first_answer_counts(bool isKept)
    {
        var book = BookOf(isKept);
        var asked = Question(First, "a");
        Assert.Equal(asked, await book.AskAsync(asked));

        Assert.Equal(asked, await book.AskAsync(asked with { AskedAt = Now.AddHours(1), ExpiresAt = Now.AddHours(2) }));
        var accept = new ApprovalAnswer(ApprovalDecision.Accept, """{"q":"a"}""");
        var first = await book.AnswerAsync(First, asked.Question.Id, accept, "token:ci");
        var second = await book.AnswerAsync(First, asked.Question.Id, ApprovalAnswer.Declined, "deadline");
        Assert.Equal((accept, "token:ci", first), (first!.Answer, first.AnsweredBy, second));
        Assert.Null(await book.AnswerAsync(Second, asked.Question.Id, accept, "token:ci"));

        var answered = await book.AskAsync(asked);
        Assert.Equal(
            (new ApprovalAnswer(ApprovalDecision.Accept, """{"q":"a"}"""), "token:ci", asked.ExpiresAt),
            (answered.Answer, answered.AnsweredBy, answered.ExpiresAt)
        );
        Assert.Empty(await book.PendingAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Questions_that_wait_are_listed_and_those_of_a_turn_that_is_closed_are_forgotten(bool isKept)
    {
        var book = BookOf(isKept);
        var (a, b, c) = (Question(First, "a"), Question(Second, "b", seconds: 1), Question(First, "c", seconds: 2));
        foreach (var asked in new[] { a, b, c })
        {
            await book.AskAsync(asked);
        }

        Assert.Equal([a, b, c], (await book.PendingAsync()).ToArray());
        Assert.Equal([b], (await book.PendingAsync(Second)).ToArray());
        await book.AnswerAsync(Second, a.Question.Id, ApprovalAnswer.Declined, "owner");
        Assert.Equal([a, b, c], (await book.PendingAsync()).ToArray());
        book.Close(First);
        await _ledger.FlushAsync();

        Assert.Equal([b], (await book.PendingAsync()).ToArray());
    }

    [Fact]
    public async Task Questions_survive_a_restart_and_go_with_the_end_of_their_turn()
    {
        await LedgerStage.FillAsync(_ledger, 2);
        var (a, b) = (Question(First, "a"), Question(Second, "b", seconds: 1));
        await BookOf(true).AskAsync(a);
        await BookOf(true).AskAsync(b);
        await ReopenAsync();

        Assert.Equal([a, b], (await BookOf(true).PendingAsync()).ToArray());
        _ledger.Ended(First, new TurnOutcome(Now, StopReason.Cancelled));
        await ReopenAsync();

        Assert.Equal([b], (await BookOf(true).PendingAsync()).ToArray());
    }

    private static PendingApproval Question(TurnId turn, string text, int seconds = 0) =>
        new(
            turn,
            LedgerStage.Agent("ana"),
            new ApprovalQuestion(ApprovalId.Of(turn, text), ApprovalKind.Permissions)
            {
                Item = "call_1",
                Command = "rm \"x\"\n",
                Cwd = "/w",
                Reason = text,
                Details = """{"permissions":{"network":{"enabled":true}}}""",
            },
            Now.AddSeconds(seconds),
            Now.AddMinutes(10)
        );

    private IApprovalBook BookOf(bool isKept) => isKept ? new SqliteApprovals(_ledger.Store) : _inMemory;

    private async Task ReopenAsync()
    {
        await _ledger.DisposeAsync();
        _ledger = await _stage.OpenAsync();
    }
}
