using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Output;

public sealed class KeptInstructionsSpecs : IDisposable
{
    private static readonly ThreadId Thread = ThreadId.Parse("01a1fa61-01c1-7781-bfa1-609b5404abaf");

    private readonly TemporaryDirectory _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void A_thread_that_began_with_them_has_nothing_to_be_told() =>
        Assert.Null(KeptInstructions.NoticeOf("Say \"no\"\nfirst.", Thread, Rollout("Say \\\"no\\\"\\nfirst.")));

    [Theory]
    [InlineData("Say yes.")]
    [InlineData("Say")]
    [InlineData("hello")]
    [InlineData("later")]
    public void A_thread_that_began_with_others_keeps_those_and_says_so(string instructions)
    {
        var notice = KeptInstructions.NoticeOf(instructions, Thread, Rollout("Say no."));

        Assert.Equal(NoticeCodes.DeveloperInstructionsKept, notice?.Code);
        Assert.Contains(Thread.ToString(), notice!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_that_cannot_be_read_does_not_keep_it_from_being_told()
    {
        Assert.NotNull(KeptInstructions.NoticeOf("a", Thread, _place.File("gone")));
        var odd = _place.Write("odd", "\"message\"\n[1,\"message\"]\n{\"payload\":\"message\"}\n{");
        Assert.NotNull(KeptInstructions.NoticeOf("a", Thread, odd));
    }

    [Fact]
    public void A_turn_without_instructions_or_with_a_new_thread_is_told_nothing()
    {
        Assert.Null(KeptInstructions.NoticeOf(null, Thread, Rollout("a")));
        Assert.Null(KeptInstructions.NoticeOf("b", null, Rollout("a")));
    }

    private string Rollout(string instructions) =>
        _place.Write(
            "rollout",
            string.Concat(
                $$$"""{"timestamp":"t","ordinal":0,"type":"session_meta","payload":{"id":"{{{Thread}}}"}}""" + "\n",
                Message("developer", instructions, "<skills>"),
                Message("user", "hello"),
                Message("assistant", "hi"),
                Message("developer", "later")
            )
        );

    private static string Message(string role, params string[] texts) =>
        $$"""{"timestamp":"t","ordinal":1,"type":"response_item","payload":{"type":"message","role":"{{role}}","content":["""
        + string.Join(',', texts.Select(text => $$"""{"type":"input_text","text":"{{text}}"}"""))
        + "]}}\n";
}
