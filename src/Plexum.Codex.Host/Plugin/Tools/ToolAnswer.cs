using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>Builds the results of tool calls.</summary>
internal static class ToolAnswer
{
    /// <summary>A result, as text for models and as structured content for programs.</summary>
    public static CallToolResult Of(string text, JsonElement structured, bool isError = false) =>
        new()
        {
            Content = [new TextContentBlock { Text = text }],
            StructuredContent = structured,
            IsError = isError,
        };

    /// <summary>A failure with a message.</summary>
    public static CallToolResult Failed(string sentence) => new() { Content = [new TextContentBlock { Text = sentence }], IsError = true };

    /// <summary>Parses a JSON literal.</summary>
    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
