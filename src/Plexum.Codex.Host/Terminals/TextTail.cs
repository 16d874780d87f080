namespace Plexum.Codex.Host.Terminals;

/// <summary>The end of the text that is being written, of which the last piece alone may be half a word.</summary>
/// <param name="max">How many characters of it are kept.</param>
internal sealed class TextTail(int max)
{
    private string? _item;
    private string _text = "";

    /// <summary>Adds a piece.</summary>
    /// <param name="item">Codex's id of what it is a piece of; null if the text is whole.</param>
    /// <param name="text">The text.</param>
    /// <returns>The end of what there is so far.</returns>
    public string Add(string? item, string text)
    {
        var told = item is not null && item == _item ? _text + text : text;
        (_item, _text) = (item, told.Length > max ? told[^max..] : told);
        return _text;
    }

    /// <summary>Forgets it: what comes next is told from its beginning.</summary>
    public void Clear() => (_item, _text) = (null, "");
}
