using System.Text.Json.Nodes;

namespace Plexum.Codex.Molecule.Mcp;

/// <summary>
/// The text of a <c>tools/call</c> result. A server may give its result as MCP's <c>structuredContent</c> alone, without any text in
/// <c>content</c>. MCP's Python package wraps a result that is no object as <c>{"result": …}</c>.
/// </summary>
internal static class CallText
{
    /// <summary>The text; empty if the result has none. For a failed call it begins as <see cref="ToolText"/> expects.</summary>
    public static string Of(JsonNode? result)
    {
        var members = result as JsonObject;
        var parts = members?["content"] as JsonArray ?? [];
        var said = string.Concat(parts.Select(part => part is JsonObject ? Text(part["text"]) : ""));
        var text = string.IsNullOrWhiteSpace(said) ? Structured(members?["structuredContent"]) ?? said : said;
        var isFailure = members?["isError"] is JsonValue flag && flag.TryGetValue(out bool isError) && isError;
        return isFailure && InboxPayload.FailureIn(text) is null ? $"Error: {text}" : text;
    }

    private static string? Structured(JsonNode? structured)
    {
        var value = structured is JsonObject { Count: 1 } wrapped && wrapped["result"] is { } inner ? inner : structured;
        return value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : value?.ToJsonString();
    }

    private static string Text(JsonNode? value) => value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : "";
}
