using System.Text;
using System.Text.Json;
using Plexum.Codex.Backend;
using Plexum.Codex.Json;
using Plexum.Codex.Requests;

namespace Plexum.Codex.Tools.Schemas;

/// <summary>Converts tools' schemas to MCP's form and calls' arguments to text.</summary>
internal static class ToolArguments
{
    /// <summary>The schema of a tool for which the host gives none.</summary>
    public static JsonElement AnyObject { get; } = Parse("""{"type":"object"}""");

    /// <summary>A tool's schema in the form that MCP requires: type <c>object</c>.</summary>
    public static JsonElement SchemaOf(ToolDefinition tool)
    {
        if (string.IsNullOrWhiteSpace(tool.InputSchema))
        {
            return AnyObject;
        }

        try
        {
            var schema = Parse(tool.InputSchema);
            return schema.ValueKind != JsonValueKind.Object ? AnyObject
                : schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object")
                    ? schema
                : WithType(schema);
        }
        catch (JsonException)
        {
            // The host notices at the first call with unsuitable arguments; a turn without the tool would help less.
            return AnyObject;
        }
    }

    /// <summary>A tool as codex is told of it.</summary>
    public static OfferedTool Offer(ToolDefinition tool) =>
        new(WholeText.Of(tool.Name), WholeText.Of(tool.Description ?? ""), SchemaOf(tool).GetRawText());

    /// <summary>The arguments as the text of a JSON object.</summary>
    public static string ToText(IDictionary<string, JsonElement>? arguments)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private static JsonElement WithType(JsonElement schema)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "object");
            foreach (var property in schema.EnumerateObject().Where(property => property.Name != "type"))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Parse(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(WholeText.OfJson(Encoding.UTF8.GetBytes(json)));
        return document.RootElement.Clone();
    }
}
