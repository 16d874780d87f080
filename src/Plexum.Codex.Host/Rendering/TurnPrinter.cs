using System.Text.Json;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Shows a turn to a person: the answer on stdout, all else on stderr, so that the answer can be piped on.</summary>
internal sealed class TurnPrinter(TextWriter answer, IAnsiConsole side)
{
    private bool _textOpen;

    /// <summary>How the turn ended; null before its end.</summary>
    public StopReason? StopReason { get; private set; }

    public void Print(ReadOnlyMemory<byte> line)
    {
        if (!CanonicalJsonReader.TryRead(line, out _, out var value))
        {
            return;
        }

        switch (value)
        {
            case CanonicalEvent.TextDelta text:
                answer.WriteLine(text.Text);
                answer.Flush();
                _textOpen = true;
                break;
            case CanonicalEvent.ThinkingDelta thinking:
                Aside("grey italic", thinking.Text);
                break;
            case CanonicalEvent.Activity { Phase: ActivityPhase.Completed } activity:
                Aside("grey", "· " + Describe(activity.Item));
                break;
            case CanonicalEvent.Notice notice:
                Aside("yellow", $"{notice.Code}: {notice.Message}");
                break;
            case CanonicalEvent.ToolCall call:
                Aside("grey", $"· {(call.Namespace is null ? "" : call.Namespace + ".")}{call.Name}");
                break;
            case CanonicalEvent.Error error:
                Aside("red", $"{error.Code}: {error.Message}{(error.ResetsAt is { } at ? $" (until {at:u})" : "")}");
                break;
            case CanonicalEvent.MessageEnd end:
                StopReason = end.StopReason;
                Aside("grey", Summary(end));
                break;
        }
    }

    private static string Summary(CanonicalEvent.MessageEnd end) => FormattableString.Invariant(
        $"{end.StopReason switch { Plexum.Codex.Turns.StopReason.EndTurn => "done", Plexum.Codex.Turns.StopReason.Cancelled => "cancelled", Plexum.Codex.Turns.StopReason.Timeout => "took too long", _ => "failed" }} in {end.Duration.TotalSeconds:0.0} s, {end.Usage.InputTokens} tokens in ({end.Usage.CacheReadTokens} cached), {end.Usage.OutputTokens} out, thread {end.ThreadId?.ToString() ?? "none"}");

    private static string Describe(ReadOnlyMemory<byte> item)
    {
        using var json = JsonDocument.Parse(item);
        var root = json.RootElement;
        string? Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return Text("type") switch
        {
            "command_execution" => $"$ {Text("command")}{(root.TryGetProperty("exit_code", out var code) && code.ValueKind == JsonValueKind.Number ? $" → {code.GetRawText()}" : "")}",
            "mcp_tool_call" => $"{Text("server")}.{Text("tool")}",
            "web_search" => $"search: {Text("query")}",
            { } type => type.Replace('_', ' '),
            null => "activity",
        };
    }

    private void Aside(string style, string text)
    {
        if (_textOpen)
        {
            _textOpen = false;
        }

        side.MarkupLine($"[{style}]{Markup.Escape(text)}[/]");
    }
}
