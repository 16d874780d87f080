using System.Buffers;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Host.Api;

/// <summary>
/// The body of an answer to a tool call: <c>{content?: TEXT or a list of parts, structuredContent?, is_error?}</c>. MCP's
/// <c>structuredContent</c> reaches the model as text if nothing else does: beside a text it says the same once more.
/// </summary>
/// <param name="Content">The parts.</param>
/// <param name="IsError">Whether the tool failed.</param>
internal sealed record ToolAnswerBody(ImmutableArray<ToolContent> Content, bool IsError)
{
    private const int MaxErrors = 20;

    // The model reads it; it is never embedded in HTML.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reads the body.</summary>
    /// <param name="root">The body, whose strings have whole characters only.</param>
    /// <exception cref="ProblemException">The body is invalid; the problem lists its errors.</exception>
    public static ToolAnswerBody Read(JsonElement root)
    {
        var errors = new List<string>();
        var structured = Given(root, "structuredContent") ?? Given(root, "structured_content");
        var parts = Parts(Given(root, "content"), mayBeMissing: structured is not null, errors);
        if (structured is { } json && !parts.Any(IsReadable))
        {
            parts = parts.Insert(0, new ToolContent.Text(ToText(json)));
        }

        var isError = Flag(root, "is_error", errors) | Flag(root, "isError", errors);
        return errors.Count == 0
            ? new ToolAnswerBody(parts, isError)
            : throw new ProblemException(Problem.BadBody([.. errors.Take(MaxErrors)]));
    }

    private static ImmutableArray<ToolContent> Parts(JsonElement? content, bool mayBeMissing, List<string> errors)
    {
        switch (content)
        {
            case { ValueKind: JsonValueKind.String } text:
                return [new ToolContent.Text(text.GetString()!)];
            case { ValueKind: JsonValueKind.Array } list:
                return
                [
                    .. list.EnumerateArray()
                        .Select((part, index) => Part(part, FormattableString.Invariant($"content[{index}]"), errors))
                        .OfType<ToolContent>(),
                ];
            case null when mayBeMissing:
                return [];
            default:
                errors.Add("content: must be a string or a list of parts.");
                return [];
        }
    }

    private static ToolContent? Part(JsonElement part, string path, List<string> errors)
    {
        switch (TextOf(part, "type"))
        {
            case "text" when TextOf(part, "text") is { } text:
                return new ToolContent.Text(text);
            case "image"
                when TextOf(part, "media_type") is { Length: > 0 } type && TextOf(part, "base64") is { } bytes && Base64.IsValid(bytes):
                return new ToolContent.Image(type, bytes);
            default:
                errors.Add($"{path}: must be {{\"type\": \"text\", \"text\"}} or {{\"type\": \"image\", \"media_type\", \"base64\"}}.");
                return null;
        }
    }

    private static bool Flag(JsonElement root, string name, List<string> errors)
    {
        var flag = Given(root, name);
        if (flag is not (null or { ValueKind: JsonValueKind.True or JsonValueKind.False }))
        {
            errors.Add($"{name}: must be true or false.");
        }

        return flag is { ValueKind: JsonValueKind.True };
    }

    private static bool IsReadable(ToolContent part) => part is ToolContent.Text text && !string.IsNullOrWhiteSpace(text.Value);

    private static string ToText(JsonElement structured)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Readable))
        {
            structured.WriteTo(json);
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && Given(parent, name) is { ValueKind: JsonValueKind.String } value
            ? value.GetString()
            : null;

    private static JsonElement? Given(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
