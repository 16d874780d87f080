using System.Text.Json;

namespace Plexum.Codex.Host.Terminals;

/// <summary>Describes codex's activities in a few words.</summary>
internal static class ActivityTexts
{
    private const string Plan = "todo_list";

    /// <summary>Describes an activity.</summary>
    /// <param name="item">Codex's item.</param>
    /// <param name="isBare">Whether to leave out the shell that runs a command.</param>
    public static string Describe(ReadOnlyMemory<byte> item, bool isBare)
    {
        using var json = JsonDocument.Parse(item);
        var root = json.RootElement;
        return Text(root, "type") switch
        {
            "command_execution" => $"$ {Command(Text(root, "command") ?? "", isBare)}{ExitCode(root)}",
            "mcp_tool_call" => $"{Text(root, "server")}.{Text(root, "tool")}",
            "web_search" => $"search: {Text(root, "query")}",
            { } type => type.Replace('_', ' '),
            null => "activity",
        };
    }

    /// <summary>The id of an activity; empty if it has none.</summary>
    public static string IdOf(ReadOnlyMemory<byte> item) => Read(item, "id") ?? "";

    /// <summary>The tool of an MCP server that an activity calls; null for other activities.</summary>
    public static string? ToolOf(ReadOnlyMemory<byte> item) => Read(item, "tool");

    /// <summary>Whether the activity is codex's plan, which is open as long as the turn.</summary>
    public static bool IsPlan(ReadOnlyMemory<byte> item) => Read(item, "type") == Plan;

    private static string Command(string command, bool isBare) => isBare ? BareCommand.Of(command) : command;

    private static string? Read(ReadOnlyMemory<byte> item, string name)
    {
        using var json = JsonDocument.Parse(item);
        return Text(json.RootElement, name);
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string ExitCode(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("exit_code", out var code) && code.ValueKind == JsonValueKind.Number
            ? $" → {code.GetRawText()}"
            : "";
}
