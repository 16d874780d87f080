using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Terminals;

public sealed class VisiblePiecesSpecs
{
    // A sequence that clears the screen, one that sets the title, a line's end, an emoji, a tag, a joiner and an embedding.
    private const string Odd = "\u001b[2J\u001b]0;x\u0007\r\n\r\ud83e\udd8a\udb40\udc41\u200d\u202ea\tb\u009b1m\udd8a\ud83e";

    [Fact]
    public void A_text_is_made_visible_as_the_whole_would_be_wherever_it_is_cut() =>
        Prop.ForAll(Gen.Elements(Odd.ToCharArray()).ListOf().ToArbitrary(), Gen.Choose(0, 3).ListOf().ToArbitrary(), (characters, sizes) =>
            {
                var text = string.Concat(characters);

                Assert.Equal(VisibleText.Of(text), InPieces(text, [.. sizes]));
            })
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_that_is_cut_drives_a_terminal(int size)
    {
        var shown = InPieces(Odd, [.. Enumerable.Repeat(size, Odd.Length)]);

        Assert.Equal(VisibleText.Of(Odd), shown);
        Assert.DoesNotContain(shown, character => char.IsControl(character) && character is not ('\n' or '\t'));
    }

    private static string InPieces(string text, IReadOnlyList<int> sizes)
    {
        var pieces = new VisiblePieces();
        var (shown, at) = ("", 0);
        foreach (var size in sizes)
        {
            var end = Math.Min(text.Length, at + size);
            shown += pieces.Next(text[at..end]);
            at = end;
        }

        return shown + pieces.Next(text[at..]) + pieces.End();
    }
}
