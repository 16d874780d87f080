using System.Text;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Puts the pieces of a message together into lines, so that each is shown once it is whole.</summary>
internal sealed class MessageLines
{
    private readonly StringBuilder _rest = new();
    private string? _item;

    /// <summary>Adds a piece.</summary>
    /// <param name="item">Codex's id of the message; null if the text is a whole message.</param>
    /// <param name="text">The text.</param>
    /// <returns>The lines that are whole now. A whole message is one of them, however many lines it has.</returns>
    public IEnumerable<string> Take(string? item, string text)
    {
        if (item != _item || item is null)
        {
            foreach (var line in End())
            {
                yield return line;
            }

            _item = item;
        }

        if (item is null)
        {
            yield return text;
            yield break;
        }

        var end = text.LastIndexOf('\n');
        if (end >= 0)
        {
            yield return _rest.Append(text, 0, end).ToString();
            _rest.Clear();
        }

        _rest.Append(text, end + 1, text.Length - end - 1);
    }

    /// <summary>Ends the message: what comes next is of another one, or of something else.</summary>
    /// <returns>The last line of it, if it has one.</returns>
    public IEnumerable<string> End()
    {
        if (_rest.Length > 0)
        {
            yield return _rest.ToString();
            _rest.Clear();
        }
    }
}
