using System.Text;
using Plexum.Codex.Events;
using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>The items of codex's that a log has, in whole or in part.</summary>
internal sealed class ToldItems
{
    private readonly Dictionary<string, StringBuilder> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<(string Item, ActivityPhase Phase)> _activities = [];
    private readonly HashSet<string> _calls = new(StringComparer.Ordinal);

    public IReadOnlySet<string> ToolCalls => _calls;

    public bool HasTexts => _texts.Count > 0;

    public string? TextOf(string item) => _texts.TryGetValue(item, out var text) ? text.ToString() : null;

    public bool HasActivity(string item, ActivityPhase phase) => _activities.Contains((item, phase));

    public void Add(CanonicalEvent value)
    {
        switch (value)
        {
            case CanonicalEvent.TextDelta { Item: { } item } text:
                Append(item, text.Text);
                break;
            case CanonicalEvent.ThinkingDelta { Item: { } item } text:
                Append(item, text.Text);
                break;
            case CanonicalEvent.Activity activity when IdOf(activity.Item.Span) is { Length: > 0 } id:
                _activities.Add((id, activity.Phase));
                break;
            case CanonicalEvent.ToolCall call:
                _calls.Add(call.Id);
                break;
            default:
                break;
        }
    }

    private void Append(string item, string text)
    {
        if (!_texts.TryGetValue(item, out var known))
        {
            _texts[item] = known = new StringBuilder();
        }

        known.Append(text);
    }

    private static string IdOf(ReadOnlySpan<byte> item)
    {
        var cursor = new JsonCursor(item);
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("id"u8))
            {
                return cursor.TakeTextOr(default).Decode();
            }

            cursor.SkipValue();
        }

        return "";
    }
}
