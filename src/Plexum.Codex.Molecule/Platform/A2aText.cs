using System.Text;
using System.Text.Json;

namespace Plexum.Codex.Molecule.Platform;

/// <summary>
/// Extracts the text for the agent from an A2A message. The rule is molecule-mcp's: take the first of <c>params.message.parts</c>,
/// <c>params.parts</c> and <c>parts</c> that has any text, and concatenate its text parts without a separator.
/// </summary>
public static class A2aText
{
    /// <summary>The text of a message that has no text at all.</summary>
    public const string Nothing = "(empty A2A message)";

    private static readonly string[][] Places =
    [
        ["params", "message", "parts"],
        ["params", "parts"],
        ["parts"],
    ];

    /// <summary>The text of an activity row: from its <c>request_body</c>, else its <c>summary</c>, else <see cref="Nothing"/>.</summary>
    /// <param name="row">The row.</param>
    public static string OfRow(JsonElement row)
    {
        var text = row.ValueKind == JsonValueKind.Object && row.TryGetProperty("request_body", out var body) ? OfBody(body) : "";
        if (text.Length == 0)
        {
            text = row.TextOf("summary");
        }

        return text.Length == 0 ? Nothing : text;
    }

    /// <summary>The text of a request; empty if it has none.</summary>
    /// <param name="body">The request, or a string that contains it as JSON.</param>
    public static string OfBody(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.String)
        {
            return Places.Select(place => Join(At(body, place))).FirstOrDefault(text => text.Length > 0) ?? "";
        }

        try
        {
            using var inner = PlatformJson.Parse(PlatformJson.Text(body));
            return inner.RootElement.ValueKind == JsonValueKind.String ? "" : OfBody(inner.RootElement);
        }
        catch (JsonException)
        {
            // Not a request.
            return "";
        }
    }

    private static JsonElement At(JsonElement json, string[] place)
    {
        foreach (var name in place)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json))
            {
                return default;
            }
        }

        return json;
    }

    private static string Join(JsonElement parts)
    {
        if (parts.ValueKind != JsonValueKind.Array)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var part in parts.EnumerateArray())
        {
            // Senders use one name, the platform's own delegations the other.
            if (part.TextOf("kind") == "text" || part.TextOf("type") == "text")
            {
                text.Append(part.TextOf("text"));
            }
        }

        return text.ToString();
    }
}
