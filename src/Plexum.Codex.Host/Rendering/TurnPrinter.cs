using System.Globalization;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Options;
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
/// <param name="isBare">Whether to show commands without the shell that runs them.</param>
internal sealed class TurnPrinter(TextWriter answer, bool answerIsShown, IAnsiConsole side, bool isBare = false)
{
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Thinking = new(Color.Grey, decoration: Decoration.Italic);

    private readonly MessageLines _message = new();
    private readonly MessageLines _thoughts = new();
    private bool _isWarm;

    /// <summary>Prints a line of the turn's log, unless it is of no interest to people.</summary>
    public void Print(ReadOnlyMemory<byte> line)
    {
        if (CanonicalJsonReader.TryRead(line, out _, out var value))
        {
            Print(value);
        }
    }

    /// <summary>Prints an event, unless it is of no interest to people.</summary>
    public void Print(CanonicalEvent value)
    {
        Answer(value is CanonicalEvent.TextDelta text ? _message.Take(text.Item, text.Text) : _message.End());
        Think(value is CanonicalEvent.ThinkingDelta thought ? _thoughts.Take(thought.Item, thought.Text) : _thoughts.End());
        switch (value)
        {
            case CanonicalEvent.MessageStart start:
                Begin(start);
                break;
            case CanonicalEvent.Activity { Phase: ActivityPhase.Completed } activity:
                Aside("· " + ActivityTexts.Describe(activity.Item, isBare), Quiet);
                break;
            case CanonicalEvent.Notice notice:
                Aside($"{notice.Code}: {notice.Message}", new Style(Color.Yellow));
                break;
            case CanonicalEvent.ApprovalRequest request:
                Aside(ApprovalTexts.Describe(request.Question), new Style(Color.Yellow));
                break;
            case CanonicalEvent.ApprovalAnswer given:
                Aside(ApprovalTexts.Describe(given), Quiet);
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

    // Of a process for each turn, as it always was, there is nothing to say.
    private void Begin(CanonicalEvent.MessageStart start)
    {
        _isWarm = start.Backend == BackendKind.AppServer;
        if (start.BackendReason is { } reason)
        {
            Aside($"· codex exec runs the turn: {reason}", Quiet);
        }
    }

    private void Answer(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            answer.WriteLine(answerIsShown ? VisibleText.Of(line) : line);
            answer.Flush();
        }
    }

    private void Think(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Aside(line, Thinking);
        }
    }

    // A failing stderr must not stop the answer.
    private void Aside(string text, Style style) => StderrMessages.Try(() => side.Line(text, style));

    private string Summary(CanonicalEvent.MessageEnd end)
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
                + $"{end.Usage.OutputTokens} out, thread {end.ThreadId?.ToString() ?? "none"}{(_isWarm ? ", app-server" : "")}"
        );
    }
}
