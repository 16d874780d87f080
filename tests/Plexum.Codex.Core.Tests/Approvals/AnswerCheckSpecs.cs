using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Turns;
using Xunit;

namespace Plexum.Codex.Approvals;

public sealed class AnswerCheckSpecs
{
    private const string Questions = """{"questions":[{"id":"q1","question":"Which?"},{"id":"q2","question":"And?"}]}""";

    private const string Form =
        """{"server":"e","schema":{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}"""
        + ""","size":{"type":"number"},"sure":{"type":"boolean"},"colour":{"type":"string","enum":["red","blue"]}"""
        + ""","many":{"type":"array","items":{"anyOf":[{"const":"a","title":"A"},{"const":"b","title":"B"}]}}},"required":["name"]}}""";

    [Theory]
    [InlineData(ApprovalKind.Command, null, null)]
    [InlineData(ApprovalKind.UserInput, Questions, """{"q1":"a","q2":["b","c"]}""")]
    [InlineData(ApprovalKind.UserInput, null, """{"q":"a"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","age":3,"size":1.5,"sure":false,"colour":"red","many":["a","b"]}""")]
    [InlineData(ApprovalKind.Elicitation, """{"schema":{"properties":{}}}""", null)]
    [InlineData(ApprovalKind.Elicitation, """{"url":"https://example.org"}""", null)]
    public void A_yes_that_fits_is_taken(ApprovalKind kind, string? details, string? content) =>
        Assert.Null(WhyNot(kind, details, ApprovalDecision.Accept, content));

    [Theory]
    [InlineData(ApprovalKind.UserInput, Questions, null)]
    [InlineData(ApprovalKind.UserInput, Questions, "{}")]
    [InlineData(ApprovalKind.UserInput, Questions, """{"q1":"a"}""")]
    [InlineData(ApprovalKind.UserInput, null, "{}")]
    [InlineData(ApprovalKind.Elicitation, Form, null)]
    [InlineData(ApprovalKind.Elicitation, Form, """{"age":3}""")]
    public void A_yes_without_the_words_that_are_asked_for_says_so(ApprovalKind kind, string? details, string? content) =>
        Assert.Equal(ApprovalOutcome.WordsMissing, WhyNot(kind, details, ApprovalDecision.Accept, content)?.Outcome);

    [Theory]
    [InlineData(ApprovalKind.Command, null, """{"a":"b"}""")]
    [InlineData(ApprovalKind.FileChange, null, "{}")]
    [InlineData(ApprovalKind.Permissions, null, """{"a":"b"}""")]
    [InlineData(ApprovalKind.Tool, null, """{"a":"b"}""")]
    [InlineData(ApprovalKind.UserInput, Questions, """{"q1":"a","q2":"b","q3":"c"}""")]
    [InlineData(ApprovalKind.UserInput, Questions, """{"q1":{"a":1},"q2":"b"}""")]
    [InlineData(ApprovalKind.UserInput, Questions, """{"q1":1,"q2":"b"}""")]
    [InlineData(ApprovalKind.UserInput, Questions, """{"q1":[],"q2":"b"}""")]
    [InlineData(ApprovalKind.UserInput, Questions, "[]")]
    [InlineData(ApprovalKind.UserInput, Questions, "no JSON")]
    [InlineData(ApprovalKind.UserInput, """{"questions":[{"id":"\ud800"}]}""", """{"q1":"a"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":1}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","age":"3"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","age":1.5}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","size":"1"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","sure":"true"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","colour":"green"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","many":"a"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","many":["c"]}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x","other":"y"}""")]
    [InlineData(ApprovalKind.Elicitation, """{"url":"https://example.org"}""", """{"a":"b"}""")]
    public void A_yes_that_does_not_fit_is_not_taken_and_says_why(ApprovalKind kind, string? details, string content)
    {
        var receipt = WhyNot(kind, details, ApprovalDecision.Accept, content);

        Assert.Equal(ApprovalOutcome.Unfit, receipt?.Outcome);
        Assert.EndsWith(".", receipt!.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ApprovalKind.UserInput, Questions, """{"q1":"a","q2":"b"}""")]
    [InlineData(ApprovalKind.Elicitation, Form, """{"name":"x"}""")]
    public void Words_are_not_given_for_later(ApprovalKind kind, string details, string content) =>
        Assert.Equal(ApprovalOutcome.Unfit, WhyNot(kind, details, ApprovalDecision.AcceptForSession, content)?.Outcome);

    [Fact]
    public void What_is_not_there_to_be_seen_can_only_be_declined()
    {
        var question = new ApprovalQuestion(ApprovalId.Of(TurnId.Parse("t"), "0"), ApprovalKind.FileChange) { IsCut = true };

        Assert.Equal(
            [ApprovalOutcome.NotShown, ApprovalOutcome.NotShown, null, null],
            Enum.GetValues<ApprovalDecision>().Select(decision => AnswerCheck.WhyNot(question, new ApprovalAnswer(decision))?.Outcome)
        );
    }

    [Theory]
    [InlineData(ApprovalDecision.Decline)]
    [InlineData(ApprovalDecision.Cancel)]
    public void A_no_has_no_words(ApprovalDecision decision)
    {
        Assert.Null(WhyNot(ApprovalKind.UserInput, Questions, decision, null));
        Assert.Equal(ApprovalOutcome.Unfit, WhyNot(ApprovalKind.UserInput, Questions, decision, """{"q1":"a","q2":"b"}""")?.Outcome);
    }

    [Fact]
    public void Whatever_is_answered_nothing_throws() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), NothingThrows).Check(Config.QuickThrowOnFailure);

    private static bool NothingThrows(string? text)
    {
        var json = JsonSerializer.Serialize(text ?? "");
        string[] contents = [text ?? "", json, $"[{json}]", $"{{{json}:{json}}}"];
        return contents.All(content =>
            Enum.GetValues<ApprovalKind>().All(kind => WhyNot(kind, content, ApprovalDecision.Accept, content) is not { Why: "" })
        );
    }

    private static ApprovalReceipt? WhyNot(ApprovalKind kind, string? details, ApprovalDecision decision, string? content) =>
        AnswerCheck.WhyNot(
            new ApprovalQuestion(ApprovalId.Of(TurnId.Parse("t"), "0"), kind) { Details = details },
            new ApprovalAnswer(decision, content)
        );
}
