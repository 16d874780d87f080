using System.Text;
using Plexum.Codex.Posix;
using Spectre.Console.Rendering;

namespace Plexum.Codex.Host.Terminals;

/// <summary>Fits texts into the columns of a terminal, of which wide characters take two.</summary>
internal static class TextCells
{
    private const string Ellipsis = "…";

    /// <summary>The number of columns that a visible text on one line takes.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Width(rune);
        }

        return width;
    }

    /// <summary>The text as one visible line of at most some columns. It ends with an ellipsis if something of it is cut.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The maximum number of columns.</param>
    public static string Cut(string text, int width)
    {
        var line = VisibleText.OneLine(text.ReplaceLineEndings(" ").Replace('\t', ' ')).Trim();
        if (width <= 0)
        {
            return "";
        }

        var (used, at, end) = (0, 0, 0);
        foreach (var rune in line.EnumerateRunes())
        {
            used += Width(rune);
            if (used > width)
            {
                return line[..end] + Ellipsis;
            }

            at += rune.Utf16SequenceLength;
            end = used < width ? at : end;
        }

        return line;
    }

    /// <summary>The text, cut and filled up with blanks to exactly some columns.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">The number of columns.</param>
    /// <param name="isRight">Whether the text stands at the right.</param>
    public static string Fill(string text, int width, bool isRight = false)
    {
        var cut = Cut(text, width);
        var blanks = new string(' ', Math.Max(0, width - Width(cut)));
        return isRight ? blanks + cut : cut + blanks;
    }

    private static int Width(Rune rune) => rune.IsAscii ? 1 : Math.Max(0, new Segment(rune.ToString()).CellCount());
}
