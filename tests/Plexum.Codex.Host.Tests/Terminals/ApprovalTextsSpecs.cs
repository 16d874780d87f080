using Plexum.Codex.Approvals;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Terminals;

/// <summary>What a person reads of a question before they answer it.</summary>
public sealed class ApprovalTextsSpecs
{
    [Fact]
    public void A_change_of_files_is_shown_with_where_files_go_and_what_else_it_may_write()
    {
        var text = Describe(
            """{"changes":[{"kind":"update","path":"/w/a\n  delete /w/b","move_path":"/home/.ssh/authorized_keys","diff":"+key"}]"""
                + ""","grant_root":"/home"}"""
        );

        Assert.Contains("  update /w/a\\x0a  delete /w/b, moved to /home/.ssh/authorized_keys\n    +key\n", text, StringComparison.Ordinal);
        Assert.Contains("write to everything in /home", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NOT ALL", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_shown_in_whole_says_so() =>
        Assert.EndsWith("It can only be declined.", Describe(null, isCut: true), StringComparison.Ordinal);

    private static string Describe(string? details, bool isCut = false) =>
        ApprovalTexts.Describe(
            new ApprovalQuestion(ApprovalId.Of(TurnId.Parse("t"), "0"), ApprovalKind.FileChange) { Details = details, IsCut = isCut }
        );
}
