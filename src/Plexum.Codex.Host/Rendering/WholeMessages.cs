using System.Text;
using Plexum.Codex.Events;

namespace Plexum.Codex.Host.Rendering;

/// <summary>
/// Keeps the pieces of a message until codex can no longer throw it away: for a pipe, from which nothing can be taken back.
/// </summary>
internal sealed class WholeMessages
{
    private readonly StringBuilder _text = new();
    private string? _item;

    /// <summary>Takes the next event of the turn.</summary>
    /// <returns>The messages that are over now.</returns>
    public IEnumerable<string> Take(CanonicalEvent value) =>
        value switch
        {
            CanonicalEvent.TextDelta text => Take(text),
            CanonicalEvent.Notice { Code: NoticeCodes.TextDiscarded, Item: { } item } when item == _item => Discard(),
            CanonicalEvent.ToolCall or CanonicalEvent.Error or CanonicalEvent.MessageEnd => End(),
            _ => [],
        };

    /// <summary>Gives what there is of a message, although it may not be over.</summary>
    public IEnumerable<string> End()
    {
        if (_item is null)
        {
            return [];
        }

        var text = _text.ToString();
        Discard();
        return [text];
    }

    // Codex writes one message at a time, and tells that one was thrown away before it begins the next.
    private IEnumerable<string> Take(CanonicalEvent.TextDelta piece)
    {
        if (piece.Item is null)
        {
            return [.. End(), piece.Text];
        }

        var over = piece.Item == _item ? [] : End();
        _item = piece.Item;
        _text.Append(piece.Text);
        return over;
    }

    private string[] Discard()
    {
        _item = null;
        _text.Clear();
        return [];
    }
}
