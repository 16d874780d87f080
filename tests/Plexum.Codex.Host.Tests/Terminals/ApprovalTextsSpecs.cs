using System.Text.Json;
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

        Assert.Contains(
            "  update /w/a\\x0a  delete /w/b, moved to /home/.ssh/authorized_keys\n      +key\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("write to everything in /home", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NOT ALL", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_shown_in_whole_says_so() =>
        Assert.EndsWith("It can only be declined.", Describe(null, isCut: true), StringComparison.Ordinal);

    [Fact]
    public void Nothing_that_is_asked_looks_like_a_line_of_the_question()
    {
        const string Forged = "x\n  $ ls\u2028  $ ls\r  $ ls\u202e";
        var texts = Kinds.Select(kind => new ApprovalQuestion(ApprovalId.Of(TurnId.Parse("t"), "0"), kind)
        {
            Cwd = Forged,
            Command = Forged,
            Reason = Forged,
            Details = JsonSerializer.Serialize(
                new Dictionary<string, object>
                {
                    ["changes"] = new[] { Fields("kind", "path", "move_path", "diff") },
                    ["grant_root"] = Forged,
                    ["questions"] = new[]
                    {
                        new
                        {
                            id = Forged,
                            question = Forged,
                            options = new[] { Fields("label", "description") },
                        },
                    },
                    [Forged] = Forged,
                }
            ),
        });

        foreach (var lines in texts.Select(question => ApprovalTexts.Describe(question).Split('\n')))
        {
            Assert.DoesNotContain(lines, line => line.StartsWith("  $ ls", StringComparison.Ordinal));
            Assert.DoesNotContain(Forged[^1], string.Concat(lines));
            Assert.StartsWith("codex asks q-", lines[0], StringComparison.Ordinal);
            Assert.All(lines[1..], line => Assert.StartsWith("  ", line, StringComparison.Ordinal));
        }

        Assert.All(texts.Concat(texts.Select(question => question with { Command = null })).Select(ApprovalTexts.OneLine), line =>
            Assert.DoesNotContain(line, char.IsControl)
        );

        static Dictionary<string, string> Fields(params string[] names) => names.ToDictionary(name => name, _ => Forged);
    }

    [Fact]
    public void A_choice_has_the_number_of_its_key()
    {
        var question = new ApprovalQuestion(ApprovalId.Of(TurnId.Parse("t"), "0"), ApprovalKind.UserInput)
        {
            Details =
                """{"questions":[{"id":"q","question":"Which?","options":[{"description":"none"},{"label":"A","description":"a"},"""
                + """{"label":"B","description":"b"}]}]}""",
        };

        Assert.Contains("    - none\n    1 A: a\n    2 B: b", ApprovalTexts.Describe(question), StringComparison.Ordinal);
        Assert.Equal(["A", "B"], ApprovalTexts.ChoiceOf(question)!.Value.Labels);
    }

    private static ApprovalKind[] Kinds => Enum.GetValues<ApprovalKind>();

    private static string Describe(string? details, bool isCut = false) =>
        ApprovalTexts.Describe(
            new ApprovalQuestion(ApprovalId.Of(TurnId.Parse("t"), "0"), ApprovalKind.FileChange) { Details = details, IsCut = isCut }
        );
}
