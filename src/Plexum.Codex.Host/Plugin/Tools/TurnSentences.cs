using System.Text.Json;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Plugin.Rpc;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Options;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Plugin.Tools;

/// <summary>
/// Describes the events of a turn in one visible line each, for progress messages. A message in pieces is described by its end so far.
/// </summary>
internal sealed class TurnSentences
{
    private const int MaxCharacters = 200;

    private readonly TextTail _message = new(MaxCharacters);
    private readonly TextTail _thoughts = new(MaxCharacters);

    public string Of(CanonicalEvent value) =>
        OneLine(
            value switch
            {
                CanonicalEvent.MessageStart start => OfStart(start),
                CanonicalEvent.TextDelta { Item: { } item } piece => _message.Add(item, piece.Text),
                CanonicalEvent.TextDelta whole => whole.Text,
                CanonicalEvent.ThinkingDelta { Item: { } item } piece => $"Thinking: {_thoughts.Add(item, piece.Text)}",
                CanonicalEvent.ThinkingDelta whole => $"Thinking: {whole.Text}",
                CanonicalEvent.Activity activity => OfActivity(activity),
                CanonicalEvent.Notice notice => notice.Message,
                CanonicalEvent.ApprovalRequest { Question: var asked } =>
                    $"codex asks and waits: {ApprovalTexts.OneLine(asked)}. Answer with codex_approve, approval {asked.Id}.",
                CanonicalEvent.ApprovalAnswer given => ApprovalTexts.Describe(given),
                CanonicalEvent.Steer said => $"Said to the turn by {said.By}: {said.Text}",
                CanonicalEvent.ToolCall call => $"Called {call.Name}.",
                CanonicalEvent.ToolResult result => result.IsError ? "The call failed." : "The call was answered.",
                CanonicalEvent.Error error => error.Message,
                CanonicalEvent.MessageEnd => "The turn has ended.",
                _ => "",
            }
        );

    private static string OfStart(CanonicalEvent.MessageStart start)
    {
        var thread = start.Resumed ? "The turn continues the agent's thread" : "The turn starts a new thread";
        var backend = start.Backend == BackendKind.AppServer ? " in the warm codex" : "";
        return $"{thread}{backend}.{(start.BackendReason is { } reason ? $" {reason}" : "")}";
    }

    private static string OfActivity(CanonicalEvent.Activity activity)
    {
        using var document = JsonDocument.Parse(activity.Item);
        var item = document.RootElement;
        var what = Text(item, "type") switch
        {
            "command_execution" => $"command {Text(item, "command")}",
            "mcp_tool_call" => $"tool {Text(item, "server")}/{Text(item, "tool")}",
            "file_change" => "file change",
            "web_search" => $"search {Text(item, "query")}",
            "todo_list" => "plan",
            var type => type ?? "something",
        };
        return activity.Phase switch
        {
            ActivityPhase.Started => $"Started: {what}",
            ActivityPhase.Updated => $"In progress: {what}",
            _ => Text(item, "status") == "failed" ? $"Failed: {what}" : $"Done: {what}",
        };
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) ? RpcText.TryGet(value) : null;

    private static string OneLine(string text)
    {
        var line = VisibleText.Of(text.ReplaceLineEndings(" ")).Trim();
        if (line.Length <= MaxCharacters)
        {
            return line;
        }

        // Do not split a surrogate pair.
        var max = char.IsHighSurrogate(line[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters;
        return line[..max] + "…";
    }
}
