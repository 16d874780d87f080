using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>What a client of <c>codex_turn</c> is told while the turn runs.</summary>
public sealed class TurnSentenceSpecs
{
    private readonly TurnSentences _sentences = new();

    [Fact]
    public void A_message_in_pieces_is_told_by_its_end_so_far()
    {
        Assert.Equal("I look at the fi", Of(new CanonicalEvent.TextDelta("I look at the fi") { Item = "m" }));
        Assert.Equal("Thinking: Hm", Of(new CanonicalEvent.ThinkingDelta("Hm") { Item = "r" }));
        Assert.Equal("I look at the files.", Of(new CanonicalEvent.TextDelta("les.") { Item = "m" }));
        Assert.Equal("All is done.", Of(new CanonicalEvent.TextDelta("All is done.")));
        Assert.Equal(new string('a', 200), Of(new CanonicalEvent.TextDelta("Yes: " + new string('a', 200)) { Item = "n" }));
    }

    [Fact]
    public void What_is_told_is_one_line_in_which_all_is_visible()
    {
        var id = ApprovalId.Of(TurnId.Parse("t"), "0");
        var asked = new ApprovalQuestion(id, ApprovalKind.Command) { Command = "ls \u202e\nrm\u001b[2J" };

        Assert.Equal(@"a b\x1b[2J\u202e", Of(new CanonicalEvent.TextDelta("a\nb\u001b[2J\u202e")));
        Assert.Equal(
            $@"codex asks and waits: may it run $ ls \u202e rm\x1b[2J. Answer with codex_approve, approval {id}.",
            Of(new CanonicalEvent.ApprovalRequest(asked, DateTimeOffset.UnixEpoch))
        );
    }

    private string Of(CanonicalEvent value) => _sentences.Of(value);
}
