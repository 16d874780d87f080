using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Host.Rendering;

public sealed class MessageLinesSpecs
{
    [Fact]
    public void A_whole_message_is_shown_at_once() => Assert.Equal(["a\nb"], new MessageLines().Take(null, "a\nb"));

    [Fact]
    public void A_line_is_shown_once_it_is_whole()
    {
        var lines = new MessageLines();

        Assert.Empty(lines.Take("m", "Hel"));
        Assert.Equal(["Hello"], lines.Take("m", "lo\nYou"));
        Assert.Equal(["You"], lines.End());
        Assert.Empty(lines.End());
    }

    [Fact]
    public void Another_message_ends_the_one_before()
    {
        var lines = new MessageLines();
        Assert.Empty(lines.Take("m", "a"));

        Assert.Equal(["a"], lines.Take("n", "b"));
        Assert.Equal(["b", "whole"], lines.Take(null, "whole"));
    }

    [Fact]
    public void No_character_is_lost_or_shown_twice() =>
        Prop.ForAll(Gen.Elements("a", "\n", "b\n", "\nc", "d\ne").ListOf().ToArbitrary(), pieces =>
            {
                var lines = new MessageLines();
                var shown = pieces.SelectMany(piece => lines.Take("m", piece).ToList()).Concat(lines.End()).ToList();

                Assert.Equal(string.Concat(pieces).TrimEnd('\n'), string.Join('\n', shown).TrimEnd('\n'));
            })
            .QuickCheckThrowOnFailure();
}
