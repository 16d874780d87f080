using System.Text.Json;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>What happens in a turn, in one line for somebody who watches.</summary>
internal static class TurnSentences
{
    private const int MostCharacters = 200;

    public static string Of(CanonicalEvent value) => OneLine(value switch
    {
        CanonicalEvent.MessageStart start => start.Resumed ? "The turn goes on in the agent's thread." : "The turn begins a new thread.",
        CanonicalEvent.TextDelta delta => delta.Text,
        CanonicalEvent.ThinkingDelta thinking => $"Thinks: {thinking.Text}",
        CanonicalEvent.Activity activity => OfActivity(activity),
        CanonicalEvent.Notice notice => notice.Message,
        CanonicalEvent.ToolCall call => $"Has called {call.Name}.",
        CanonicalEvent.ToolResult result => result.IsError ? "That call failed." : "That call was answered.",
        CanonicalEvent.Error error => error.Message,
        CanonicalEvent.MessageEnd => "The turn is over.",
        _ => "",
    });

    private static string OfActivity(CanonicalEvent.Activity activity)
    {
        using var document = JsonDocument.Parse(activity.Item);
        var item = document.RootElement;
        var what = Text(item, "type") switch
        {
            "command_execution" => $"command {Text(item, "command")}",
            "mcp_tool_call" => $"tool {Text(item, "server")}/{Text(item, "tool")}",
            "file_change" => "change of files",
            "web_search" => $"search {Text(item, "query")}",
            "todo_list" => "plan",
            var type => type ?? "something",
        };
        return activity.Phase switch
        {
            ActivityPhase.Started => $"Begins: {what}",
            ActivityPhase.Updated => $"Goes on: {what}",
            _ => Text(item, "status") == "failed" ? $"Failed: {what}" : $"Done: {what}",
        };
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? RpcText.TryGet(value) : null;

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length <= MostCharacters)
        {
            return line;
        }

        // Not in the middle of a character of two.
        var most = char.IsHighSurrogate(line[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters;
        return line[..most] + "…";
    }
}
