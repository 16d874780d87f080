using System.Globalization;
using Plexum.Codex.Events;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;
using Spectre.Console;

namespace Plexum.Codex.Host.Rendering;

/// <summary>
/// Shows a turn to a person: the answer on stdout and everything else on stderr, so that the answer can be piped. A terminal shows text as
/// it is written; into a pipe a message goes once it is over, and not at all if codex throws it away.
/// </summary>
internal sealed class TurnPrinter
{
    private static readonly Style Quiet = new(Color.Grey);
    private static readonly Style Thinking = new(Color.Grey, decoration: Decoration.Italic);

    private readonly TextWriter _answer;
    private readonly IAnsiConsole _side;
    private readonly bool _isBare;
    private readonly bool _areTogether;
    private readonly WholeMessages? _whole;
    private readonly LiveText _message;
    private readonly LiveText _thoughts;
    private bool _isWarm;

    /// <param name="answer">Receives the answer.</param>
    /// <param name="answerIsShown">
    /// Whether the answer goes to a terminal, which must not obey the model; otherwise it is written unchanged.
    /// </param>
    /// <param name="side">Receives everything else.</param>
    /// <param name="sideIsShown">Whether that goes to a terminal.</param>
    /// <param name="isBare">Whether to show commands without the shell that runs them.</param>
    public TurnPrinter(TextWriter answer, bool answerIsShown, IAnsiConsole side, bool sideIsShown, bool isBare = false)
    {
        (_answer, _side, _isBare) = (answer, side, isBare);
        _areTogether = answerIsShown && sideIsShown;
        _whole = answerIsShown ? null : new WholeMessages();
        _message = new LiveText(Write);
        _thoughts = new LiveText(text => StderrMessages.Try(() => side.Piece(text, Thinking)));
    }

    /// <summary>Whether the last line is one of a message that may go on.</summary>
    public bool IsInLine => _message.IsInLine || _thoughts.IsInLine;

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
        WriteWhole(_whole?.Take(value) ?? []);
        switch (value)
        {
            case CanonicalEvent.MessageStart start:
                Begin(start);
                break;
            case CanonicalEvent.TextDelta text when _whole is null:
                _thoughts.Break();
                _message.Take(text.Item, text.Text);
                break;
            case CanonicalEvent.ThinkingDelta { Item: null } thought:
                Aside(thought.Text, Thinking);
                break;
            case CanonicalEvent.ThinkingDelta thought:
                BreakMessage();
                _thoughts.Take(thought.Item, thought.Text);
                break;
            case CanonicalEvent.Activity { Phase: ActivityPhase.Completed } activity:
                Aside("· " + ActivityTexts.Describe(activity.Item, _isBare), Quiet);
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
            case CanonicalEvent.Steer said:
                Aside($"{said.By} says{(said.IsUncertain ? ", perhaps unheard" : "")}: {said.Text}", Quiet);
                break;
            case CanonicalEvent.ToolCall call:
                Aside($"· {(call.Namespace is null ? "" : call.Namespace + ".")}{call.Name}", Quiet);
                break;
            case CanonicalEvent.Error error:
                Aside($"{error.Code}: {error.Message}{(error.ResetsAt is { } at ? $" (until {at:u})" : "")}", new Style(Color.Red));
                break;
            case CanonicalEvent.MessageEnd end:
                Finish();
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

    /// <summary>Prints the rest of the answer: no event follows, although the turn may go on.</summary>
    public void Finish()
    {
        _thoughts.End();
        _message.End();
        WriteWhole(_whole?.End() ?? []);
    }

    /// <summary>Ends a line that may go on, since something else is to be written. The message goes on in the next one.</summary>
    /// <exception cref="IOException">The answer could not be written.</exception>
    public void EndLine()
    {
        _thoughts.Break();
        BreakMessage();
    }

    // Where the answer is alone, nothing stands in it.
    private void BreakMessage()
    {
        if (_areTogether)
        {
            _message.Break();
        }
    }

    private void WriteWhole(IEnumerable<string> messages)
    {
        foreach (var message in messages)
        {
            _thoughts.Break();
            Write($"{message}\n");
        }
    }

    private void Write(string text)
    {
        _answer.Write(text);
        _answer.Flush();
    }

    // A failing stderr must not stop the answer.
    private void Aside(string text, Style style)
    {
        EndLine();
        StderrMessages.Try(() => _side.Line(text, style));
    }

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
