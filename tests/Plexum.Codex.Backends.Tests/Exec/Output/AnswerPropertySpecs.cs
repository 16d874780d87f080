using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>A turn's last message is damaged on its way, and no record is at hand.</summary>
public sealed class AnswerPropertySpecs
{
    private const string Commentary = """{"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"I shall look."}}""";
    private const string Command = """{"type":"item.completed","item":{"id":"item_2","type":"command_execution","command":"ls"}}""";

    private const string OnlyFirst = "only the first";
    private const string OnlySecond = "only the second";

    private static readonly string[][] Befores =
    [
        [],
        [Command],
        [Commentary, Command],
        [Commentary],
    ];

    // What stands between the halves, or which of them is left.
    private static readonly Gen<string> Tears = Gen.Elements("\n", "\nWARN retrying\n", "\u001b[2K", OnlyFirst, OnlySecond);

    [Fact]
    public void A_message_that_is_cut_anywhere_never_ends_well_without_the_answer()
    {
        var cuts =
            from text in Gen.Choose(0x20, 0x17F).Select(value => (char)value).ArrayOf().Select(chars => "x" + new string(chars))
            from spaced in Gen.Elements(true, false)
            from at in Gen.Choose(0, 10_000)
            from tear in Tears
            from before in Gen.Elements(Befores)
            select (text, spaced, at, tear, before);
        Prop.ForAll(cuts.ToArbitrary(), cut =>
            {
                var line = Message(cut.text, cut.spaced);
                var at = 2 + (cut.at % (line.Length - 2));
                var isSecondOnly = cut.tear == OnlySecond;
                string[] torn =
                    isSecondOnly ? [line[at..]]
                    : cut.tear == OnlyFirst ? [line[..at]]
                    : [line[..at] + cut.tear + line[at..]];

                // After a commentary that may be the answer, the second half says too little.
                return (isSecondOnly && cut.before == Befores[3]) || !EndsWell([.. cut.before, .. torn]);
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(30));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void So_it_is_at_each_byte(bool spaced)
    {
        var line = Message("It is done.", spaced);

        Assert.DoesNotContain(Enumerable.Range(1, line.Length - 1), at => EndsWell([line[..at]]));
        Assert.DoesNotContain(Enumerable.Range(1, line.Length - 1), at => EndsWell([line[at..]]));
        Assert.DoesNotContain(Enumerable.Range(2, line.Length - 2), at => EndsWell([Commentary, line[..at]]));
        Assert.True(EndsWell([line]));
    }

    private static string Message(string text, bool spaced)
    {
        var json = JsonSerializer.Serialize(text);
        return spaced
            ? """{"type": "item.completed", "item": {"id": "item_3", "type": "agent_message", "text": """ + json + "}}"
            : """{"type":"item.completed","item":{"id":"item_3","type":"agent_message","text":""" + json + "}}";
    }

    private static bool EndsWell(string[] lines)
    {
        using var rig = new MapperRig();
        rig.Feed(MapperRig.ThreadStarted, """{"type":"turn.started"}""");
        rig.Feed(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        rig.Feed(MapperRig.TurnCompleted);
        return rig.EndOf().StopReason == StopReason.EndTurn;
    }
}
