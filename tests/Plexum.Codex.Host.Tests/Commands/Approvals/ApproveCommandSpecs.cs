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
    public void What_does_not_go_together_is_refused(string words) => Assert.NotEmpty(ApproveCommand.Create().Parse(words).Errors);

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

    private static ApprovalQuestion Asking(string details) => new(ApprovalId.Of(Turn, "0"), ApprovalKind.UserInput) { Details = details };
}
