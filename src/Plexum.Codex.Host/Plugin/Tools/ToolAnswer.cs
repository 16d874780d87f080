using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>Makes what a client gets of a call.</summary>
internal static class ToolAnswer
{
    /// <summary>What was asked for: text for a model and the same for a program.</summary>
    public static CallToolResult Of(string text, JsonElement structured, bool isError = false) => new()
    {
        Content = [new TextContentBlock { Text = text }],
        StructuredContent = structured,
        IsError = isError,
    };

    /// <summary>A failure, as a sentence.</summary>
    public static CallToolResult Failed(string sentence) => new() { Content = [new TextContentBlock { Text = sentence }], IsError = true };

    /// <summary>JSON that stands in this program.</summary>
    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
