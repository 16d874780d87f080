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

        var names = NamesOf(question);
        var content = new JsonObject();
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            if (at > 0 && names.Contains(text[..at], StringComparer.Ordinal))
            {
                content[text[..at]] = text[(at + 1)..];
            }
            else if (names is [var only] && given.Count == 1)
            {
                content[only] = text;
            }
            else
            {
                throw new CodexException(
                    names.Count == 0
                        ? $"The question {question.Id} asks for no words; leave --answer out."
                        : $"\"{text}\" does not say what it answers; give --answer ID=TEXT with one of {string.Join(", ", names)}."
                );
            }
        }

        return content.ToJsonString();
    }

    private static List<string> NamesOf(ApprovalQuestion question)
    {
        if (question.Details is not { } json)
        {
            return [];
        }

        using var document = JsonDocument.Parse(json);
        var details = document.RootElement;
        if (question.Kind == ApprovalKind.UserInput && details.TryGetProperty("questions", out var questions))
        {
            return questions.ValueKind != JsonValueKind.Array
                ? []
                : [.. questions.EnumerateArray().Select(asked => asked.TryGetProperty("id", out var id) ? id.ToString() : "")];
        }

        return
            details.TryGetProperty("schema", out var schema)
            && schema.ValueKind == JsonValueKind.Object
            && schema.TryGetProperty("properties", out var fields)
            && fields.ValueKind == JsonValueKind.Object
            ? [.. fields.EnumerateObject().Select(field => field.Name)]
            : [];
    }
}
