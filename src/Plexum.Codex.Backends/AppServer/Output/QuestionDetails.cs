using System.Text;
using System.Text.Json;

namespace Plexum.Codex.AppServer.Output;

/// <summary>
/// Collects what belongs to a question, as a JSON object on one line. A value that is too long is left out, as <see cref="IsCut"/> says.
/// </summary>
internal sealed class QuestionDetails
{
    /// <summary>The most of one value, in characters. A person does not read more, and it is kept in the ledger and in the log.</summary>
    public const int MaxValue = 256 * 1024;

    private readonly StringBuilder _text = new("{");

    /// <summary>Whether something is missing.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The object; null if there is nothing in it.</summary>
    public string? Json => _text.Length == 1 ? null : $"{_text}}}";

    /// <summary>Adds a field as it is, if it is there.</summary>
    /// <param name="name">What it is called here.</param>
    /// <param name="parent">The object that has it.</param>
    /// <param name="field">What it is called there.</param>
    public QuestionDetails Add(string name, JsonElement parent, string field)
    {
        if (
            parent.ValueKind == JsonValueKind.Object
            && parent.TryGetProperty(field, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
        )
        {
            // A line feed stands between values only, never in one.
            Append(name, value.GetRawText().Replace('\n', ' ').Replace('\r', ' '));
        }

        return this;
    }

    /// <summary>Adds the changes of files: every path in any case, and the diffs as far as there is room.</summary>
    /// <param name="changes">The changes as <see cref="ServerItem.ToChanges"/> writes them; null if codex did not say them.</param>
    public QuestionDetails AddChanges(string? changes)
    {
        if (changes is null or "[]")
        {
            IsCut = true;
        }
        else if (changes.Length <= MaxValue)
        {
            Append("changes", changes);
        }
        else
        {
            IsCut = true;
            Set("changes", WithoutDiffs(changes));
        }

        return this;
    }

    private void Append(string name, string json)
    {
        IsCut |= json.Length > MaxValue;
        Set(name, json.Length <= MaxValue ? json : "\"(too long)\"");
    }

    private void Set(string name, string json) =>
        _text.Append(_text.Length > 1 ? "," : "").Append('"').Append(name).Append("\":").Append(json);

    private static string WithoutDiffs(string changes)
    {
        using var document = JsonDocument.Parse(changes);
        var room = MaxValue;
        var kept = new List<string>();
        foreach (var change in document.RootElement.EnumerateArray())
        {
            var whole = change.GetRawText();
            var isKept = whole.Length <= room;
            kept.Add(isKept ? whole : WithoutDiff(change));
            room -= isKept ? whole.Length : 0;
        }

        return $"[{string.Join(',', kept)}]";
    }

    private static string WithoutDiff(JsonElement change)
    {
        var fields = change.EnumerateObject().Where(field => field.Name != "diff");
        return $"{{{string.Join(',', fields.Select(field => $"\"{field.Name}\":{field.Value.GetRawText()}"))}}}";
    }
}
