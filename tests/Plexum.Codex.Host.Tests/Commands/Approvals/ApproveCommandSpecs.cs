using Plexum.Codex.Approvals;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Commands.Approvals;

public sealed class ApproveCommandSpecs
{
    private static readonly TurnId Turn = TurnId.Parse("t");

    [Theory]
    [InlineData("")]
    [InlineData("--list --json")]
    [InlineData("q-1f2e3d4c")]
    [InlineData("q-1f2e3d4c --decline")]
    [InlineData("q-1f2e3d4c --for-session --json")]
    [InlineData("q-1f2e3d4c --answer a=b --answer c=d")]
    public void It_lists_or_answers_one_question(string words) => Assert.Empty(ApproveCommand.Create().Parse(words).Errors);

    [Theory]
    [InlineData("q-1f2e3d4c --decline --cancel")]
    [InlineData("q-1f2e3d4c --decline --answer x")]
    [InlineData("q-1f2e3d4c --list")]
    [InlineData("--decline")]
    [InlineData("--answer x")]
    [InlineData("q")]
    [InlineData("q-")]
    [InlineData("q-1f2e3d4")]
    [InlineData("q-1f2e3d4 --decline")]
    public void What_does_not_go_together_is_refused(string words) => Assert.NotEmpty(ApproveCommand.Create().Parse(words).Errors);

    [Fact]
    public void Nothing_in_the_place_of_an_id_is_refused() => Assert.NotEmpty(ApproveCommand.Create().Parse([""]).Errors);

    [Fact]
    public void Words_go_to_the_question_that_they_name_or_to_the_only_one()
    {
        var one = Asking("""{"questions":[{"id":"q"}]}""");
        var two = Asking("""{"questions":[{"id":"q"},{"id":"r"}]}""");

        Assert.Equal("""{"q":"a=b"}""", GivenAnswers.ToContent(one, ["a=b"]));
        Assert.Equal("""{"q":"x"}""", GivenAnswers.ToContent(one, ["q=x"]));
        Assert.Equal("""{"r":"y","q":"x"}""", GivenAnswers.ToContent(two, ["r=y", "q=x"]));
        Assert.Null(GivenAnswers.ToContent(two, []));
        Assert.Contains("q, r", Assert.Throws<CodexException>(() => GivenAnswers.ToContent(two, ["x"])).Message, StringComparison.Ordinal);
        var none = new ApprovalQuestion(ApprovalId.Of(Turn, "0"), ApprovalKind.Command);
        Assert.Contains(
            "no words",
            Assert.Throws<CodexException>(() => GivenAnswers.ToContent(none, ["x"])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Fields_of_a_form_get_the_type_that_they_have_there()
    {
        var form = new ApprovalQuestion(ApprovalId.Of(Turn, "0"), ApprovalKind.Elicitation)
        {
            Details =
                """{"schema":{"properties":{"n":{"type":"integer"},"x":{"type":"number"},"b":{"type":"boolean"},"s":{"type":"string"}"""
                + ""","m":{"type":"array","items":{"enum":["a","b"]}}}}}""",
        };

        var content = GivenAnswers.ToContent(form, ["n=3", "x=1.5", "b=true", "s=3", "m=a", "m=b"]);

        Assert.Equal("""{"n":3,"x":1.5,"b":true,"s":"3","m":["a","b"]}""", content);
        Assert.Null(AnswerCheck.WhyNot(form, new ApprovalAnswer(ApprovalDecision.Accept, content)));
        foreach (var wrong in new[] { "n=x", "n=", "b=yes", "x=1 2" })
        {
            Assert.Equal(
                ApprovalOutcome.Unfit,
                AnswerCheck.WhyNot(form, new ApprovalAnswer(ApprovalDecision.Accept, GivenAnswers.ToContent(form, [wrong])))?.Outcome
            );
        }
    }

    [Fact]
    public void Several_words_for_one_question_of_the_model_are_all_given() =>
        Assert.Equal("""{"q":["x","y"]}""", GivenAnswers.ToContent(Asking("""{"questions":[{"id":"q"}]}"""), ["q=x", "q=y"]));

    private static ApprovalQuestion Asking(string details) => new(ApprovalId.Of(Turn, "0"), ApprovalKind.UserInput) { Details = details };
}
