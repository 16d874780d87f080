using System.Globalization;
using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Terminals;

/// <summary>What a turn is doing, in one line. Thread-safe.</summary>
/// <param name="startedAt">When the turn was submitted.</param>
internal sealed class TurnProgress(DateTimeOffset startedAt)
{
    private const string Frames = "|/-\\";
    private const int FramesPerSecond = 4;

    private readonly Lock _gate = new();
    private readonly List<(string Id, string Text, DateTimeOffset Since)> _running = [];
    private readonly List<(ApprovalId Id, string Text)> _asked = [];
    private string _step = "waiting for the turn to start";
    private string? _waits;
    private bool _isOver;

    /// <summary>The turn waits for others of its agent, until its first event.</summary>
    /// <param name="ahead">How many were ahead of it when it was accepted.</param>
    public void Queue(int ahead)
    {
        lock (_gate)
        {
            _step = ahead switch
            {
                0 => _step,
                1 => "waiting for an earlier turn of the agent",
                _ => "waiting for earlier turns of the agent",
            };
        }
    }

    /// <summary>Handles an event of the turn.</summary>
    /// <param name="value">The event.</param>
    /// <param name="now">The current time.</param>
    public void Take(CanonicalEvent value, DateTimeOffset now)
    {
        lock (_gate)
        {
            _waits = value is CanonicalEvent.Notice notice ? WaitOf(notice) ?? _waits : null;
            switch (value)
            {
                case CanonicalEvent.MessageStart:
                    _step = "working";
                    break;
                case CanonicalEvent.Activity activity:
                    _step = "thinking";
                    Take(activity, now);
                    break;
                case CanonicalEvent.TextDelta or CanonicalEvent.ThinkingDelta:
                    _step = "thinking";
                    break;
                case CanonicalEvent.ApprovalRequest request:
                    var id = request.Question.Id;
                    _asked.Add((id, $"waits for an answer to {id}: {ApprovalTexts.OneLine(request.Question)}"));
                    break;
                case CanonicalEvent.ApprovalAnswer answer:
                    _asked.RemoveAll(asked => asked.Id == answer.Id);
                    break;
                case CanonicalEvent.MessageEnd:
                    _isOver = true;
                    break;
            }
        }
    }

    /// <summary>The line: a spinner, the time since the start, and what codex does or waits for; empty once the turn is over.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="width">The maximum number of columns.</param>
    public string Line(DateTimeOffset now, int width)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return "";
            }

            var elapsed = now - startedAt;
            var beat = (int)Math.Max(0, elapsed.TotalSeconds * FramesPerSecond) % Frames.Length;
            var head = $"{Frames[beat]} {Spans.Of(elapsed)}  ";
            var (text, tail) =
                _asked is [var first, ..] ? (first.Text, "")
                : _waits is null && _running is [.., var last] ? (last.Text, Tail(now - last.Since))
                : (_waits ?? _step, "");
            var room = width - head.Length - tail.Length;
            return room < 1 ? TextCells.Cut(head, width) : head + TextCells.Cut(text, room) + tail;
        }
    }

    private void Take(CanonicalEvent.Activity activity, DateTimeOffset now)
    {
        var id = ActivityTexts.IdOf(activity.Item);
        var at = _running.FindIndex(running => running.Id == id);
        if (activity.Phase == ActivityPhase.Completed)
        {
            _running.RemoveAll(running => running.Id == id);
        }
        else if (at < 0 && !ActivityTexts.IsPlan(activity.Item))
        {
            _running.Add((id, ActivityTexts.Describe(activity.Item, isBare: true), now));
        }
    }

    private string Tail(TimeSpan since) =>
        _running.Count == 1
            ? $" ({Spans.Of(since)})"
            : string.Create(CultureInfo.InvariantCulture, $" ({Spans.Of(since)}, and {_running.Count - 1} more)");

    private static string? WaitOf(CanonicalEvent.Notice notice) =>
        notice.Code
            is NoticeCodes.Waiting
                or NoticeCodes.WaitingForSlot
                or NoticeCodes.ThreadBusy
                or NoticeCodes.AgentBusy
                or NoticeCodes.Reconnecting
            ? notice.Message
            : null;
}
