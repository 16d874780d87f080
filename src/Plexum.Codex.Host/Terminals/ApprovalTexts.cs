using System.Text.Json;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Posix;

namespace Plexum.Codex.Host.Terminals;

/// <summary>
/// Words for codex's questions. What codex, the model or a server wrote is visible in them, and none of it can look like a line of the
/// question's own: it is one line, or its further lines are further in.
/// </summary>
internal static class ApprovalTexts
{
    private const string Further = "\n      ";

    /// <summary>The question in full, in several lines.</summary>
    public static string Describe(ApprovalQuestion question)
    {
        var lines = new List<string>
        {
            $"codex asks {question.Id}: {Ask(question)}{(question.Cwd is { } cwd ? $" (in {VisibleText.OneLine(cwd)})" : "")}",
        };
        if (question.Command is { } command)
        {
            lines.Add($"  $ {Indent(command)}");
        }

        if (question.Reason is { Length: > 0 } reason)
        {
            lines.Add($"  {Indent(reason)}");
        }

        lines.AddRange(DetailsOf(question));
        if (question.IsCut)
        {
            lines.Add("  NOT ALL OF IT IS SHOWN: it is too long, or codex did not say it. It can only be declined.");
        }

        return string.Join('\n', lines);
    }

    /// <summary>The answer in one line.</summary>
    public static string Describe(CanonicalEvent.ApprovalAnswer given) =>
        $"{given.Id}: {given.Decision.ToWireName().Replace('_', ' ')}, by {given.By}";

    /// <summary>What is asked, in one line.</summary>
    public static string OneLine(ApprovalQuestion question) =>
        question.Command is { } command ? $"may it run $ {VisibleText.OneLine(command.ReplaceLineEndings(" "))}"
        : question.Reason is { Length: > 0 } reason ? VisibleText.OneLine(reason.ReplaceLineEndings(" "))
        : Ask(question);

    /// <summary>Whether a yes alone is no answer, since words are asked for.</summary>
    public static bool NeedsWords(ApprovalQuestion question) =>
        question.Kind == ApprovalKind.UserInput
        || (question.Kind == ApprovalKind.Elicitation && Details(question) is { } details && HasFields(details));

    /// <summary>The only question of the model, with its choices; null if there are several, or none to choose from.</summary>
    public static (string Id, IReadOnlyList<string> Labels)? ChoiceOf(ApprovalQuestion question) =>
        question.Kind == ApprovalKind.UserInput
        && Details(question) is { } details
        && List(details, "questions") is [var only]
        && Text(only, "id") is { } id
        && List(only, "options").Select(LabelOf).OfType<string>().ToList() is { Count: > 0 } labels
            ? (id, labels)
            : null;

    private static string Ask(ApprovalQuestion question) =>
        question.Kind switch
        {
            ApprovalKind.Command => "may it run this?",
            ApprovalKind.FileChange => "may it change these files?",
            ApprovalKind.Permissions => "may its commands do more than the sandbox allows?",
            ApprovalKind.UserInput => "the model asks you something",
            ApprovalKind.Elicitation => "an MCP server asks you something",
            _ => "may it call this tool?",
        };

    private static IEnumerable<string> DetailsOf(ApprovalQuestion question)
    {
        if (Details(question) is not { } details)
        {
            return [];
        }

        return question.Kind switch
        {
            ApprovalKind.FileChange => OfChanges(details),
            ApprovalKind.UserInput => List(details, "questions").SelectMany(OfQuestion),
            _ => details.EnumerateObject().Select(field => $"  {VisibleText.OneLine(field.Name)}: {Indent(field.Value.ToString())}"),
        };
    }

    private static IEnumerable<string> OfChanges(JsonElement details)
    {
        foreach (var change in List(details, "changes"))
        {
            var target = Text(change, "move_path") is { Length: > 0 } moved ? $", moved to {VisibleText.OneLine(moved)}" : "";
            yield return $"  {Line(change, "kind")} {Line(change, "path")}{target}{Diff(Text(change, "diff"))}";
        }

        if (Text(details, "grant_root") is { Length: > 0 } root)
        {
            yield return $"  and it may write to everything in {VisibleText.OneLine(root)} until the thread is unloaded";
        }
    }

    private static IEnumerable<string> OfQuestion(JsonElement question)
    {
        yield return $"  {Line(question, "id")}: {Indent(Text(question, "question") ?? "")}";

        // The numbers are those of the choices, and what has no label is none.
        var number = 0;
        foreach (var option in List(question, "options"))
        {
            yield return LabelOf(option) is { } label
                ? FormattableString.Invariant($"    {++number} {VisibleText.OneLine(label)}: {Line(option, "description")}")
                : $"    - {Line(option, "description")}";
        }
    }

    private static string? LabelOf(JsonElement option) => Text(option, "label");

    private static string Diff(string? diff) => string.IsNullOrWhiteSpace(diff) ? "" : Further + Indent(diff);

    private static string Indent(string text) => VisibleText.Of(text.TrimEnd().ReplaceLineEndings(Further));

    private static string Line(JsonElement parent, string name) => VisibleText.OneLine(Text(parent, name) ?? "");

    private static bool HasFields(JsonElement details) =>
        details.TryGetProperty("schema", out var schema)
        && schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("properties", out var fields)
        && fields.ValueKind == JsonValueKind.Object
        && fields.EnumerateObject().Any();

    private static JsonElement? Details(ApprovalQuestion question)
    {
        if (question.Details is not { } json)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private static List<JsonElement> List(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray()]
            : [];

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
