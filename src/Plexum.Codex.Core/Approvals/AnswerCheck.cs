using System.Text.Json;

namespace Plexum.Codex.Approvals;

/// <summary>Whether an answer fits its question. The answers of every surface go through it, so that none is dropped or bent.</summary>
public static class AnswerCheck
{
    /// <summary>Why an answer cannot be taken; null if it can.</summary>
    /// <param name="question">The question.</param>
    /// <param name="answer">The answer.</param>
    public static ApprovalReceipt? WhyNot(ApprovalQuestion question, ApprovalAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        if (!answer.Decision.Allows())
        {
            return answer.Content is null ? null : Unfit("answers belong to a yes only; leave them out to say no.");
        }

        if (question.IsCut)
        {
            return new ApprovalReceipt(ApprovalOutcome.NotShown);
        }

        if (answer.Decision == ApprovalDecision.AcceptForSession && question.Kind is ApprovalKind.UserInput or ApprovalKind.Elicitation)
        {
            return Unfit("words are given once and not for later; answer accept.");
        }

        try
        {
            return OfWords(question, answer.Content);
        }
        catch (InvalidOperationException)
        {
            // .NET cannot decode it.
            return Unfit("a text in the question or in answers is broken: it has half of a surrogate pair.");
        }
    }

    private static ApprovalReceipt? OfWords(ApprovalQuestion question, string? content)
    {
        using var details = Parse(question.Details ?? "{}");
        return question.Kind switch
        {
            ApprovalKind.UserInput => OfQuestions(List(details?.RootElement, "questions"), content),
            ApprovalKind.Elicitation => OfForm(Member(details?.RootElement, "schema"), content),
            _ => content is null ? null : Unfit("it asks for a yes or a no and for no words; leave answers out."),
        };
    }

    private static ApprovalReceipt? OfQuestions(IReadOnlyList<JsonElement> questions, string? content)
    {
        if (content is null)
        {
            return Missing("the model waits for words.");
        }

        using var document = Parse(content);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } answers })
        {
            return Unfit("answers must be an object with the answer to each question by its id.");
        }

        var ids = questions.Select(question => Text(question, "id")).OfType<string>().ToList();
        foreach (var (id, value) in answers.EnumerateObject().Select(field => (field.Name, field.Value)))
        {
            if (ids.Count > 0 && !ids.Contains(id, StringComparer.Ordinal))
            {
                return Unfit($"\"{id}\" is not one of its questions, which are {string.Join(", ", ids)}.");
            }

            if (value.ValueKind != JsonValueKind.String && !IsListOfTexts(value))
            {
                return Unfit($"the answer to \"{id}\" must be a string or a list of strings.");
            }
        }

        return ids.Find(id => !answers.TryGetProperty(id, out _)) is { } missing ? Missing($"\"{missing}\" has no answer.")
            : answers.EnumerateObject().Any() ? null
            : Missing("the model waits for words.");
    }

    private static ApprovalReceipt? OfForm(JsonElement? schema, string? content)
    {
        if (schema is null)
        {
            return content is null ? null : Unfit("it has no form, so there is nothing to fill in; leave answers out.");
        }

        using var document = Parse(content ?? "{}");
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } answers })
        {
            return Unfit("answers must be an object with the fields of the form.");
        }

        var fields = Member(schema, "properties");
        foreach (var (name, value) in answers.EnumerateObject().Select(given => (given.Name, given.Value)))
        {
            if (Member(fields, name) is not { } field)
            {
                return Unfit($"\"{name}\" is not one of the form's fields, which are {NamesOf(fields)}.");
            }

            if (FormField.WhyNot(field, value) is { } why)
            {
                return Unfit($"\"{name}\" {why}.");
            }
        }

        var required = List(schema, "required").Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!);
        return required.FirstOrDefault(name => !answers.TryGetProperty(name, out _)) is { } missing
            ? Missing($"the form's field \"{missing}\" has no answer.")
            : null;
    }

    private static string NamesOf(JsonElement? fields) =>
        fields is { ValueKind: JsonValueKind.Object } known && known.EnumerateObject().Any()
            ? string.Join(", ", known.EnumerateObject().Select(field => field.Name))
            : "none";

    private static bool IsListOfTexts(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
        && value.GetArrayLength() > 0
        && value.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String);

    private static ApprovalReceipt Missing(string why) => new(ApprovalOutcome.WordsMissing) { Why = why };

    private static ApprovalReceipt Unfit(string why) => new(ApprovalOutcome.Unfit) { Why = why };

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } json
        && json.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static List<JsonElement> List(JsonElement? parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
