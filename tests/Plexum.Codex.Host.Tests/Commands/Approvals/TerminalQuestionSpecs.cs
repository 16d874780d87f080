using System.Collections.Concurrent;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Approvals;

/// <summary>Questions at the terminal of a <c>say</c>.</summary>
public sealed class TerminalQuestionSpecs
{
    private static readonly TurnId Turn = TurnId.Parse("t");

    private static readonly ApprovalQuestion Command = new(ApprovalId.Of(Turn, "0"), ApprovalKind.Command) { Command = "rm x" };

    private static readonly ApprovalQuestion Choice = new(ApprovalId.Of(Turn, "1"), ApprovalKind.UserInput)
    {
        Details = """{"questions":[{"id":"q","question":"Which?","options":[{"label":"A"},{"label":"B"}]}]}""",
    };

    private static readonly ApprovalQuestion Words = new(ApprovalId.Of(Turn, "2"), ApprovalKind.UserInput)
    {
        Details = """{"questions":[{"id":"q","question":"Who?"}]}""",
    };

    private readonly ConcurrentQueue<string> _told = [];
    private readonly ConcurrentQueue<(ApprovalId Id, ApprovalAnswer Answer)> _given = [];

    [Theory]
    [InlineData('y', ApprovalDecision.Accept)]
    [InlineData('Y', ApprovalDecision.Accept)]
    [InlineData('a', ApprovalDecision.AcceptForSession)]
    [InlineData('n', ApprovalDecision.Decline)]
    [InlineData('c', ApprovalDecision.Cancel)]
    public void A_key_answers(char key, ApprovalDecision decision) => Assert.Equal(decision, TerminalAnswers.Of(Command, key)!.Decision);

    [Theory]
    [InlineData('1', """{"q":"A"}""")]
    [InlineData('2', """{"q":"B"}""")]
    public void A_digit_chooses(char key, string content) =>
        Assert.Equal(new ApprovalAnswer(ApprovalDecision.Accept, content), TerminalAnswers.Of(Choice, key));

    [Theory]
    [InlineData(' ')]
    [InlineData('\r')]
    [InlineData('3')]
    [InlineData('y')]
    [InlineData('0')]
    public void Any_other_key_is_no_answer(char key)
    {
        Assert.Null(TerminalAnswers.Of(Choice, key));
        Assert.Null(TerminalAnswers.Of(Words, key));
    }

    [Theory]
    [InlineData('y')]
    [InlineData('a')]
    public void What_is_not_shown_in_whole_is_not_allowed_by_a_key(char key)
    {
        Assert.Null(TerminalAnswers.Of(Command with { IsCut = true }, key));
        Assert.NotNull(TerminalAnswers.Of(Command with { IsCut = true }, 'n'));
    }

    [Fact]
    public void What_an_mcp_server_asks_is_not_allowed_for_later()
    {
        var question = Command with { Kind = ApprovalKind.Elicitation };

        Assert.Null(TerminalAnswers.Of(question, 'a'));
        Assert.NotNull(TerminalAnswers.Of(question, 'y'));
    }

    [Fact]
    public async Task Questions_are_asked_one_after_the_other_and_a_key_from_before_answers_none()
    {
        var keys = new Keys("y");
        await using var questions = QuestionsOf(keys);

        questions.Take(Line(Command));
        questions.Take(Line(Choice));
        await Limits.UntilAsync(() => Task.FromResult(_told.Count == 1), () => "It did not ask");
        Assert.Empty(_given);
        keys.Press('n');
        await Limits.UntilAsync(() => Task.FromResult(_told.Count == 2), () => "It did not ask the second");
        keys.Press('2');

        await Limits.UntilAsync(() => Task.FromResult(_given.Count == 2), () => "It did not answer");
        Assert.Equal([Command.Id, Choice.Id], _given.Select(given => given.Id));
        Assert.Equal([ApprovalDecision.Decline, ApprovalDecision.Accept], _given.Select(given => given.Answer.Decision));
    }

    [Fact]
    public async Task A_question_that_was_answered_elsewhere_is_asked_no_more()
    {
        var keys = new Keys("");
        await using var questions = QuestionsOf(keys);
        questions.Take(Line(Command));
        await Limits.UntilAsync(() => Task.FromResult(_told.Count == 1), () => "It did not ask");

        questions.Take(CanonicalJson.ToLine(2, new CanonicalEvent.ApprovalAnswer(Command.Id, ApprovalDecision.Decline, "owner")));
        questions.Take(Line(Choice));
        await Limits.UntilAsync(() => Task.FromResult(_told.Count == 2), () => "It did not ask the second");
        keys.Press('1');

        await Limits.UntilAsync(() => Task.FromResult(!_given.IsEmpty), () => "It did not answer");
        Assert.Equal([Choice.Id], _given.Select(given => given.Id));
    }

    [Fact]
    public async Task Without_a_terminal_it_says_how_to_answer_and_reads_no_key()
    {
        await using var questions = QuestionsOf(null);

        questions.Take(Line(Command));

        Assert.Equal($"The turn waits. Answer with approve {Command.Id}.", Assert.Single(_told));
    }

    private static byte[] Line(ApprovalQuestion question) =>
        CanonicalJson.ToLine(1, new CanonicalEvent.ApprovalRequest(question, DateTimeOffset.UnixEpoch.AddDays(1)));

    private TerminalQuestions QuestionsOf(IKeys? keys) =>
        new(
            (question, answer) =>
            {
                _given.Enqueue((question.Id, answer));
                return Task.CompletedTask;
            },
            keys,
            id => $"with approve {id}",
            _told.Enqueue,
            TimeProvider.System
        );

    private sealed class Keys(string pressed) : IKeys
    {
        private readonly ConcurrentQueue<char> _pressed = new(pressed);

        public void Press(char key) => _pressed.Enqueue(key);

        public char? TryRead() => _pressed.TryDequeue(out var key) ? key : null;
    }
}
