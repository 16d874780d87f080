using System.Text;

namespace Plexum.Codex.Host.Rendering;

/// <summary>What a terminal gets of messages while they are written.</summary>
public sealed class LiveTextSpecs
{
    private readonly StringBuilder _shown = new();
    private readonly LiveText _text;

    public LiveTextSpecs() => _text = new LiveText(part => _shown.Append(part));

    [Fact]
    public void A_piece_is_shown_when_it_comes()
    {
        _text.Take("m", "Hel");
        Assert.Equal("Hel", _shown.ToString());

        _text.Take("m", "lo\nYou");
        Assert.Equal("Hello\nYou", _shown.ToString());
        Assert.True(_text.IsInLine);

        _text.End();
        _text.End();
        Assert.Equal("Hello\nYou\n", _shown.ToString());
        Assert.False(_text.IsInLine);
    }

    [Fact]
    public void A_whole_message_has_its_own_lines()
    {
        _text.Take(null, "a\nb");
        _text.Take(null, "c\n");
        _text.Take(null, "");

        Assert.Equal("a\nb\nc\n", _shown.ToString());
    }

    [Fact]
    public void Another_message_begins_on_a_line_of_its_own()
    {
        _text.Take("m", "a");
        _text.Take("n", "b");
        _text.Take(null, "whole");

        Assert.Equal("a\nb\nwhole\n", _shown.ToString());
    }

    [Fact]
    public void What_stands_between_breaks_the_line_once()
    {
        _text.Break();
        _text.Take("m", "a");
        _text.Break();
        _text.Break();
        _text.Take("m", "b\n");
        _text.Break();

        Assert.Equal("a\nb\n", _shown.ToString());
    }

    [Fact]
    public void A_character_that_is_cut_is_shown_once_it_is_whole_also_if_something_stands_between()
    {
        _text.Take("m", "a\ud83e");
        Assert.Equal("a", _shown.ToString());

        _text.Break();
        _text.Take("m", "\udd8a");
        _text.Take("m", "\ud83e");
        _text.End();

        Assert.Equal("a\n\ud83e\udd8a\ufffd\n", _shown.ToString());
    }
}
