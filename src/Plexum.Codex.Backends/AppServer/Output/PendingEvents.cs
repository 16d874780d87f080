using System.Collections.Immutable;
using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// The events that wait until the turn has written the ones before. Text of one item that waits is one event, and of several updates of an
/// activity only the last one counts, so that a reader that is slow costs no memory. Not thread-safe.
/// </summary>
internal sealed class PendingEvents
{
    private readonly List<CanonicalEvent> _events = [];
    private readonly Dictionary<string, int> _updates = new(StringComparer.Ordinal);
    private readonly StringBuilder _text = new();
    private string? _item;
    private bool _isThinking;

    /// <summary>The size of all that was added, in characters; of updates only those count that were taken.</summary>
    public long Size { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _events.Count == 0 && _text.Length == 0;

    /// <summary>Whether something waits that need not be collected: anything but text and updates.</summary>
    public bool IsUrgent { get; private set; }

    /// <summary>Adds text of a message or of reasoning.</summary>
    public void AddText(string item, string text, bool isThinking)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (item != _item || isThinking != _isThinking)
        {
            CloseText();
            (_item, _isThinking) = (item, isThinking);
        }

        _text.Append(text);
        Size += text.Length;
    }

    /// <summary>Adds the present state of an activity that goes on.</summary>
    public void AddUpdate(string item, ReadOnlyMemory<byte> activity)
    {
        CloseText();
        var update = new CanonicalEvent.Activity(activity, ActivityPhase.Updated);
        if (_updates.TryGetValue(item, out var at))
        {
            _events[at] = update;
        }
        else
        {
            _updates[item] = _events.Count;
            _events.Add(update);
        }
    }

    /// <summary>Adds anything else.</summary>
    public void Add(CanonicalEvent value)
    {
        CloseText();
        _events.Add(value);
        Size += SizeOf(value);
        IsUrgent = true;
    }

    /// <summary>Takes all that waits.</summary>
    public ImmutableArray<CanonicalEvent> Drain()
    {
        CloseText();
        Size += _updates.Values.Sum(at => SizeOf(_events[at]));
        ImmutableArray<CanonicalEvent> all = [.. _events];
        _events.Clear();
        _updates.Clear();
        IsUrgent = false;
        return all;
    }

    private static long SizeOf(CanonicalEvent value) =>
        value switch
        {
            CanonicalEvent.Activity activity => activity.Item.Length,
            CanonicalEvent.TextDelta text => text.Text.Length,
            CanonicalEvent.ThinkingDelta thinking => thinking.Text.Length,
            CanonicalEvent.Notice notice => notice.Message.Length,
            _ => 0,
        };

    private void CloseText()
    {
        if (_text.Length > 0)
        {
            var text = _text.ToString();
            _events.Add(
                _isThinking ? new CanonicalEvent.ThinkingDelta(text) { Item = _item } : new CanonicalEvent.TextDelta(text) { Item = _item }
            );
        }

        _text.Clear();
        _item = null;
    }
}
