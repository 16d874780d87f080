using Plexum.Codex.Events;

namespace Plexum.Codex.Logs;

/// <summary>Which message of a turn was the last one, although codex may throw away one that it has begun.</summary>
internal sealed class SaidTexts
{
    private readonly List<CanonicalEvent.TextDelta> _texts = [];

    /// <summary>A piece of the last message, or the whole of it if it has no item; null if there is none. It is not blank.</summary>
    public CanonicalEvent.TextDelta? Last => _texts.Count > 0 ? _texts[^1] : null;

    public void Add(CanonicalEvent value)
    {
        switch (value)
        {
            case CanonicalEvent.TextDelta text when !string.IsNullOrWhiteSpace(text.Text):
                Add(text);
                break;
            case CanonicalEvent.Notice { Code: NoticeCodes.TextDiscarded, Item: { } item }:
                _texts.RemoveAll(text => text.Item == item);
                break;
            default:
                break;
        }
    }

    // A whole message is never thrown away, so nothing before it is needed any more.
    private void Add(CanonicalEvent.TextDelta text)
    {
        _texts.RemoveAll(earlier => text.Item is null || earlier.Item == text.Item);
        _texts.Add(text);
    }
}
