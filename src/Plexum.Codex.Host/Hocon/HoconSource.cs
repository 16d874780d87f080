namespace Plexum.Codex.Host.Hocon;

/// <summary>The text to parse, and the places in it.</summary>
internal sealed class HoconSource(string text)
{
    /// <summary>Characters that are allowed only in quoted text and have no other meaning.</summary>
    public const string OnlyQuoted = "$#`^?!@*&\\";

    private readonly int[] _lineStarts =
    [
        0,
        .. text.Index().Where(character => character.Item == '\n').Select(character => character.Index + 1),
    ];

    public string Text => text;

    /// <summary>The line and column of a position.</summary>
    public HoconPlace PlaceOf(int position)
    {
        var line = LineOf(position);
        return new HoconPlace(line, position - _lineStarts[line - 1] + 1);
    }

    /// <summary>The line of a position, counted from 1.</summary>
    public int LineOf(int position)
    {
        var found = Array.BinarySearch(_lineStarts, position);
        return found >= 0 ? found + 1 : ~found;
    }

    /// <summary>An error at <paramref name="position"/>.</summary>
    public HoconException Error(int position, string what) => new(what, PlaceOf(Math.Min(position, text.Length)));

    /// <summary>An error that says what was expected at <paramref name="position"/> and what was found there.</summary>
    public HoconException Expected(int position, string what)
    {
        var found =
            position >= text.Length
                ? "the end of the text"
                : text[position] switch
                {
                    '\r' or '\n' => "the end of the line",
                    var c when OnlyQuoted.Contains(c, StringComparison.Ordinal) => $"'{c}', which is allowed only in quoted text",
                    var c => $"'{c}'",
                };
        return Error(position, $"Expected {what}, but found {found}");
    }
}

/// <param name="Line">The line, counted from 1.</param>
/// <param name="Column">The column, counted from 1.</param>
internal readonly record struct HoconPlace(int Line, int Column)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {Line}, column {Column}");
}
