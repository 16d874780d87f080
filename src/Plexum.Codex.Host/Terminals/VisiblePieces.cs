using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Terminals;

/// <summary>
/// Makes a text visible that comes in pieces, as <see cref="VisibleText.Of"/> makes it of the whole, wherever it is cut. The first half of
/// a pair, of surrogates or of a line's end, waits for the second.
/// </summary>
internal sealed class VisiblePieces
{
    private char? _half;

    /// <summary>The next piece.</summary>
    public string Next(string piece)
    {
        var text = _half + piece;
        _half = text.Length > 0 && IsHalf(text[^1]) ? text[^1] : null;
        return VisibleText.Of(_half is null ? text : text[..^1]);
    }

    /// <summary>What waits of the text, which is over.</summary>
    public string End()
    {
        var rest = VisibleText.Of($"{_half}");
        _half = null;
        return rest;
    }

    private static bool IsHalf(char last) => char.IsHighSurrogate(last) || last == '\r';
}
