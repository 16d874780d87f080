using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Host.Terminals;

public sealed class TextCellsSpecs
{
    private static readonly Gen<string> Texts = Gen.Elements("a", " ", "漢", "é", "e\u0301", "🦀", "\t", "\n", "\u001b[2J", "\u202e")
        .ListOf()
        .Select(string.Concat);

    [Theory]
    [InlineData("short", 10, "short")]
    [InlineData("0123456789", 10, "0123456789")]
    [InlineData("0123456789a", 10, "012345678…")]
    [InlineData("漢字漢字", 8, "漢字漢字")]
    [InlineData("漢字漢字漢", 8, "漢字漢…")]
    [InlineData("e\u0301e\u0301", 2, "e\u0301e\u0301")]
    [InlineData("two\nlines\tand\r\nmore ", 40, "two lines and more")]
    [InlineData("a\u001b[2Jb", 40, @"a\x1b[2Jb")]
    [InlineData("anything", 1, "…")]
    [InlineData("anything", 0, "")]
    public void A_text_is_cut_to_columns(string text, int width, string cut) => Assert.Equal(cut, TextCells.Cut(text, width));

    [Theory]
    [InlineData("12", false, "12  ")]
    [InlineData("12", true, "  12")]
    [InlineData("漢", false, "漢  ")]
    [InlineData("too long", false, "too…")]
    public void A_cell_is_filled_up(string text, bool isRight, string cell) => Assert.Equal(cell, TextCells.Fill(text, 4, isRight));

    [Fact]
    public void No_text_is_wider_than_it_may_be_or_more_than_a_line() =>
        Prop.ForAll(Texts.ToArbitrary(), Gen.Choose(0, 30).ToArbitrary(), (text, width) =>
            {
                var cut = TextCells.Cut(text, width);
                return TextCells.Width(cut) <= width && !cut.Any(char.IsControl) && TextCells.Cut(cut, width) == cut;
            })
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));
}
