using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
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
    private readonly ConcurrentQueue<string> _prompts = [];
    private readonly ConcurrentQueue<(ApprovalId Id, ApprovalAnswer Answer)> _given = [];
    private readonly FakeTimeProvider _time = new();
    private readonly Keys _keys = new();

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
    public void A_prompt_names_its_question_and_says_nothing_that_the_model_wrote()
    {
        foreach (var question in new[] { Command, Command with { IsCut = true }, Choice, Words })
        {
            var prompt = TerminalAnswers.Explain(question, TerminalAnswers.WithCommand);

            Assert.StartsWith(question.Id.Value, prompt, StringComparison.Ordinal);
            Assert.DoesNotContain("rm x", prompt, StringComparison.Ordinal);
            Assert.DoesNotContain("Wh", prompt, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    public void Choices_without_a_key_are_told_where_to_be_made(int count, bool isTold)
    {
        var options = string.Join(',', Enumerable.Range(1, count).Select(number => $$"""{"label":"{{number}}"}"""));
        var question = Choice with { Details = $$"""{"questions":[{"id":"q","question":"Which?","options":[{{options}}]}]}""" };

        var prompt = TerminalAnswers.Explain(question, TerminalAnswers.WithCommand);

        Assert.Contains("press 1 to 9", prompt, StringComparison.Ordinal);
        Assert.Equal(isTold, prompt.Contains("--answer", StringComparison.Ordinal));
    }

    [Fact]
    public void Whoever_reads_of_a_question_that_waits_is_told_how_to_answer()
    {
        var now = DateTimeOffset.UnixEpoch;
        var asked = new CanonicalEvent.ApprovalRequest(Command, now.AddSeconds(1));

        Assert.Contains($"\"plexum-codex approve {Command.Id}\"", TerminalAnswers.HintTo(asked, now), StringComparison.Ordinal);
        Assert.Null(TerminalAnswers.HintTo(asked, now.AddSeconds(1)));
        Assert.Null(TerminalAnswers.HintTo(new CanonicalEvent.TextDelta("Hello"), now));
    }

    [Fact]
    public async Task Questions_are_asked_one_after_the_other_each_with_what_it_asks()
    {
        await using var questions = QuestionsOf(_keys);

        questions.Take(Line(Command));
        questions.Take(Line(Choice));
        await AnswersAsync('n');
        await AnswersAsync('2', 2);

        Assert.Equal([Command.Id, Choice.Id], _given.Select(given => given.Id));
        Assert.Equal([ApprovalDecision.Decline, ApprovalDecision.Accept], _given.Select(given => given.Answer.Decision));
        Assert.Equal([$"{Command.Id}: may it run $ rm x", $"{Choice.Id}: the model asks you something"], _told.AsEnumerable());
        Assert.Equal(2, _prompts.Count);
    }

    [Fact]
    public async Task A_key_that_comes_before_the_prompt_can_be_read_answers_nothing()
    {
        _keys.Press('y');
        await using var questions = QuestionsOf(_keys, prompted: () => _keys.Press('y'));

        questions.Take(Line(Command));
        await UntilAsync(() => !_prompts.IsEmpty && _keys.AreRead);
        await AnswersAsync('n');

        Assert.Equal([ApprovalDecision.Decline], _given.Select(given => given.Answer.Decision));
    }

    [Fact]
    public async Task A_question_that_was_answered_elsewhere_is_asked_no_more()
    {
        await using var questions = QuestionsOf(_keys);
        questions.Take(Line(Command));
        await UntilAsync(() => _prompts.Count == 1);

        questions.Take(CanonicalJson.ToLine(2, new CanonicalEvent.ApprovalAnswer(Command.Id, ApprovalDecision.Decline, "owner")));
        questions.Take(Line(Choice));
        await UntilAsync(() => _prompts.Count == 2);
        await AnswersAsync('1');

        Assert.Equal([Choice.Id], _given.Select(given => given.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_question_whose_answer_was_not_taken_is_asked_again_and_so_are_the_others(bool isOurs)
    {
        Exception failure = isOurs ? new CodexException("It recovers.") : new InvalidOperationException("It recovers.");
        await using var questions = QuestionsOf(_keys, failures: new Queue<Exception>([failure]));
        questions.Take(Line(Command));
        questions.Take(Line(Choice));
        await UntilAsync(() => _prompts.Count == 1);
        await UntilAsync(() =>
        {
            _keys.Press('y');
            return _prompts.Count == 2;
        });
        Assert.Contains(_told, sentence => sentence.EndsWith("It recovers.", StringComparison.Ordinal));

        await UntilAsync(() => _keys.AreRead);
        await AnswersAsync('n');
        await AnswersAsync('1', 2);

        Assert.Equal([Command.Id, Choice.Id], _given.Select(given => given.Id));
    }

    [Fact]
    public async Task A_terminal_that_gives_no_keys_any_more_is_told_how_to_answer()
    {
        _keys.Failure = new InvalidOperationException("It is gone.");
        await using var questions = QuestionsOf(_keys);
        questions.Take(Line(Command));
        await UntilAsync(() => _told.Any(sentence => sentence.EndsWith($"approve {Command.Id}.", StringComparison.Ordinal)));

        questions.Take(Line(Choice));

        Assert.EndsWith($"approve {Choice.Id}.", _told.Last(), StringComparison.Ordinal);
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

    // Nobody waits for a time that has passed, so the clock goes on until it is so.
    private Task UntilAsync(Func<bool> holds) =>
        Limits.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(100));
                return holds();
            },
            () => string.Join('\n', _told.Concat(_prompts))
        );

    // A key that comes too soon is not heard, so it is pressed again.
    private Task AnswersAsync(char key, int count = 1) =>
        UntilAsync(() =>
        {
            if (_given.Count < count)
            {
                _keys.Press(key);
            }

            return _given.Count == count;
        });

    private TerminalQuestions QuestionsOf(IKeys? keys, Action? prompted = null, Queue<Exception>? failures = null) =>
        new(
            (question, answer) =>
            {
                if (failures?.TryDequeue(out var failure) == true)
                {
                    return Task.FromException(failure);
                }

                _given.Enqueue((question.Id, answer));
                return Task.CompletedTask;
            },
            keys,
            question => $"Answer with approve {question.Id}.",
            _told.Enqueue,
            sentence =>
            {
                prompted?.Invoke();
                _prompts.Enqueue(sentence);
            },
            _time
        );

    private sealed class Keys : IKeys
    {
        private readonly ConcurrentQueue<char> _pressed = [];

        public Exception? Failure { get; set; }

        public bool AreRead => _pressed.IsEmpty;

        public void Press(char key) => _pressed.Enqueue(key);

        public char? TryRead() =>
            Failure is not null ? throw Failure
            : _pressed.TryDequeue(out var key) ? (char?)key
            : null;
    }
}
