using System.Text.Json;

namespace Plexum.Codex.Approvals;

/// <summary>
/// A field of an MCP server's form, by its schema: a text, a number, a whole number, true or false, or a choice of one or several texts
/// (<see href="https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation">the protocol's elicitation</see>). A schema of
/// another form is left to the server.
/// </summary>
public static class FormField
{
    /// <summary>Why a value does not fit into a field, as the rest of a sentence about it; null if it does.</summary>
    /// <param name="schema">The field's schema.</param>
    /// <param name="value">The value.</param>
    public static string? WhyNot(JsonElement schema, JsonElement value) =>
        TypeOf(schema) switch
        {
            "string" => value.ValueKind != JsonValueKind.String ? "must be a string" : WhyNotOneOf(schema, value),
            "number" => value.ValueKind == JsonValueKind.Number ? null : "must be a number",
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _) ? null : "must be a whole number",
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
            "array" => WhyNotList(schema, value),
            _ => null,
        };

    /// <summary>The type that a field's schema names; null if it names none.</summary>
    public static string? TypeOf(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;

    private static string? WhyNotList(JsonElement schema, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return "must be a list";
        }

        return schema.TryGetProperty("items", out var items)
            ? value.EnumerateArray().Select(one => WhyNotItem(items, one)).FirstOrDefault(why => why is not null)
            : null;
    }

    // The choices of a list have no type of their own where they are named by "anyOf".
    private static string? WhyNotItem(JsonElement items, JsonElement value) =>
        value.ValueKind != JsonValueKind.String ? "must be a list of strings" : WhyNotOneOf(items, value);

    private static string? WhyNotOneOf(JsonElement schema, JsonElement value)
    {
        var choices = Choices(schema).ToList();
        return choices.Count == 0 || choices.Contains(value.GetString(), StringComparer.Ordinal)
            ? null
            : $"must be one of {string.Join(", ", choices)}";
    }

    private static IEnumerable<string?> Choices(JsonElement schema) =>
        List(schema, "enum")
            .Concat(List(schema, "oneOf").Concat(List(schema, "anyOf")).Select(Constant).OfType<JsonElement>())
            .Where(choice => choice.ValueKind == JsonValueKind.String)
            .Select(choice => choice.GetString());

    private static JsonElement? Constant(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("const", out var constant) ? constant : null;

    private static JsonElement.ArrayEnumerator List(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : default;
}
