using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Plexum.Codex.Approvals;

namespace Plexum.Codex.Host.Commands.Approvals;

/// <summary>The words of an answer, as a person gives them: <c>TEXT</c> where one is asked for, else <c>ID=TEXT</c> for each.</summary>
internal static class GivenAnswers
{
    /// <summary>The words as a JSON object; null for none.</summary>
    /// <param name="question">The question.</param>
    /// <param name="given">What is given.</param>
    /// <exception cref="CodexException">The question does not ask for them so; the message says what it asks for.</exception>
    public static string? ToContent(ApprovalQuestion question, IReadOnlyList<string> given)
    {
        if (given.Count == 0)
        {
            return null;
        }

        using var details = question.Details is { } json ? JsonDocument.Parse(json) : null;
        var fields = FieldsOf(question, details?.RootElement);
        var content = new JsonObject();
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && fields.TryGetValue(text[..at], out var field))
            {
                Put(content, text[..at], text[(at + 1)..], field);
            }
            else if (fields.Count == 1 && given.Count == 1)
            {
                var (only, type) = fields.First();
                Put(content, only, text, type);
            }
            else
            {
                throw new CodexException(
                    fields.Count == 0
                        ? $"The question {question.Id} asks for no words; leave --answer out."
                        : $"\"{text}\" does not say what it answers; give --answer ID=TEXT with one of {string.Join(", ", fields.Keys)}."
                );
            }
        }

        return content.ToJsonString();
    }

    // What is given twice becomes a list.
    private static void Put(JsonObject content, string name, string text, string? type)
    {
        var value = ToValue(text, type);
        switch (content[name])
        {
            case null:
                content[name] = type == "array" ? new JsonArray(value) : value;
                break;
            case JsonArray several:
                several.Add(value);
                break;
            case { } first:
                content[name] = new JsonArray(first.DeepClone(), value);
                break;
        }
    }

    // A text that is none of its field's type stays a text, and the daemon says what is wrong with it.
    private static JsonValue ToValue(string text, string? type) =>
        type switch
        {
            "boolean" when text is "true" or "false" => JsonValue.Create(text == "true"),
            "integer" when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                JsonValue.Create(whole),
            "number" when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(
                number
            ),
            _ => JsonValue.Create(text),
        };

    // What is asked for, each with its type in a form's schema.
    private static OrderedDictionary<string, string?> FieldsOf(ApprovalQuestion question, JsonElement? details)
    {
        var fields = new OrderedDictionary<string, string?>(StringComparer.Ordinal);
        if (question.Kind == ApprovalKind.UserInput && Member(details, "questions") is { ValueKind: JsonValueKind.Array } questions)
        {
            foreach (var asked in questions.EnumerateArray())
            {
                fields[Member(asked, "id")?.ToString() ?? ""] = null;
            }
        }
        else if (Member(Member(details, "schema"), "properties") is { ValueKind: JsonValueKind.Object } properties)
        {
            foreach (var field in properties.EnumerateObject())
            {
                fields[field.Name] = FormField.TypeOf(field.Value);
            }
        }

        return fields;
    }

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty(name, out var value) ? value : null;
}
