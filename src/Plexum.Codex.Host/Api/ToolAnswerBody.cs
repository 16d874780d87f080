using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using Plexum.Codex.Host.Api.Http;
using Plexum.Codex.Tools;

namespace Plexum.Codex.Host.Api;

/// <summary>The body of an answer to a tool call: <c>{content: TEXT or a list of parts, is_error?}</c>.</summary>
/// <param name="Content">The parts.</param>
/// <param name="IsError">Whether the tool failed.</param>
internal sealed record ToolAnswerBody(ImmutableArray<ToolContent> Content, bool IsError)
{
    private const int MaxErrors = 20;

    /// <summary>Reads the body.</summary>
    /// <exception cref="ProblemException">The body is invalid; the problem lists its errors.</exception>
    public static ToolAnswerBody Read(JsonElement root)
    {
        var errors = new List<string>();
        var content = root.TryGetProperty("content", out var given) ? given : default;
        ImmutableArray<ToolContent> parts = content.ValueKind switch
        {
            JsonValueKind.String when Text(content) is { } text => [new ToolContent.Text(text)],
            JsonValueKind.Array =>
            [
                .. content
                    .EnumerateArray()
                    .Select((part, index) => Part(part, FormattableString.Invariant($"content[{index}]"), errors))
                    .OfType<ToolContent>(),
            ],
            _ => Reject(errors, "content: must be a string or a list of parts."),
        };
        var isError = root.TryGetProperty("is_error", out var flag) && flag.ValueKind == JsonValueKind.True;
        if (flag.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False))
        {
            Reject(errors, "is_error: must be true or false.");
        }

        return errors.Count == 0
            ? new ToolAnswerBody(parts, isError)
            : throw new ProblemException(Problem.BadBody([.. errors.Take(MaxErrors)]));
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
                Reject(errors, $"{path}: must be {{\"type\": \"text\", \"text\"}} or {{\"type\": \"image\", \"media_type\", \"base64\"}}.");
                return null;
        }
    }

    private static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? Text(value)
            : null;

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // An unpaired surrogate, or bytes that are not UTF-8.
            return null;
        }
    }

    private static ImmutableArray<ToolContent> Reject(List<string> errors, string what)
    {
        errors.Add(what);
        return [];
    }
}
