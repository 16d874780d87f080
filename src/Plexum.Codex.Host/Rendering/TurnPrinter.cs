using System.Globalization;
using System.Text.Json;
using Plexum.Codex.Events;
using Plexum.Codex.Posix;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Shows a turn to a person: the answer on stdout and everything else on stderr, so that the answer can be piped.</summary>
/// <param name="answer">Receives the answer.</param>
/// <param name="answerIsShown">
/// Whether the answer goes to a terminal, which must not obey the model; otherwise it is written unchanged.
/// </param>
/// <param name="side">Receives everything else.</param>
internal sealed class TurnPrinter(TextWriter answer, bool answerIsShown, IAnsiConsole side)
{
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Thinking = new(Color.Grey, decoration: Decoration.Italic);

    /// <summary>Prints a line of the turn's log, unless it is of no interest to people.</summary>
    public void Print(ReadOnlyMemory<byte> line)
    {
        if (!CanonicalJsonReader.TryRead(line, out _, out var value))
        {
            return;
        }

        switch (value)
        {
            case CanonicalEvent.TextDelta text:
                answer.WriteLine(answerIsShown ? VisibleText.Of(text.Text) : text.Text);
                answer.Flush();
                break;
            case CanonicalEvent.ThinkingDelta thinking:
                Aside(thinking.Text, Thinking);
                break;
            case CanonicalEvent.Activity { Phase: ActivityPhase.Completed } activity:
                Aside("· " + Describe(activity.Item), Quiet);
                break;
            case CanonicalEvent.Notice notice:
                Aside($"{notice.Code}: {notice.Message}", new Style(Color.Yellow));
                break;
            case CanonicalEvent.ToolCall call:
                Aside($"· {(call.Namespace is null ? "" : call.Namespace + ".")}{call.Name}", Quiet);
                break;
            case CanonicalEvent.Error error:
                Aside($"{error.Code}: {error.Message}{(error.ResetsAt is { } at ? $" (until {at:u})" : "")}", new Style(Color.Red));
                break;
            case CanonicalEvent.MessageEnd end:
                Aside(Summary(end), Quiet);
                break;
        }
    }

    // A failing stderr must not stop the answer.
    private void Aside(string text, Style style) => StderrMessages.Try(() => side.Line(text, style));

    private static string Summary(CanonicalEvent.MessageEnd end)
    {
        var how = end.StopReason switch
        {
            StopReason.EndTurn => "done",
            StopReason.Cancelled => "cancelled",
            StopReason.Timeout => "timed out",
            _ => "failed",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{how} in {end.Duration.TotalSeconds:0.0} s, {end.Usage.InputTokens} tokens in ({end.Usage.CacheReadTokens} cached), "
                + $"{end.Usage.OutputTokens} out, thread {end.ThreadId?.ToString() ?? "none"}"
        );
    }

    /// <summary>Describes an activity in a few words.</summary>
    public static string Describe(ReadOnlyMemory<byte> item)
    {
        using var json = JsonDocument.Parse(item);
        var root = json.RootElement;
        return Text("type") switch
        {
            "command_execution" => $"$ {Text("command")}{ExitCode()}",
            "mcp_tool_call" => $"{Text("server")}.{Text("tool")}",
            "web_search" => $"search: {Text("query")}",
            { } type => type.Replace('_', ' '),
            null => "activity",
        };

        string? Text(string name) =>
            root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;

        string ExitCode() =>
            root.TryGetProperty("exit_code", out var code) && code.ValueKind == JsonValueKind.Number ? $" → {code.GetRawText()}" : "";
    }
}
