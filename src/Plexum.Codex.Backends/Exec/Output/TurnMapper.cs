using System.Globalization;
using Plexum.Codex.Events;
using Plexum.Codex.Exec.Output.Decoding;
using Plexum.Codex.Json;
using Plexum.Codex.Output;
using Plexum.Codex.Processes;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>
/// Maps the output of <c>codex exec --json</c> during one turn to canonical events. Items of type <c>error</c> and top-level
/// <c>error</c>s become notices, since a turn with them may still succeed; <see cref="Finish"/> alone decides whether the turn failed.
/// Not thread-safe.
/// </summary>
public sealed partial class TurnMapper
{
    private readonly TurnId _turnId;
    private readonly AgentId _agentId;
    private readonly UnknownNames _unknownNames = new();
    private readonly AnswerWatch _answer = new();
    private readonly TurnThread _thread;
    private Usage? _total;
    private volatile bool _begun;
    private bool _completed;
    private string? _failure;
    private string? _lastError;
    private bool _unreadableTold;
    private bool _finished;
    private long _lines;
    private long _unknownEvents;
    private long _unknownItems;
    private long _unreadableLines;
    private long _tooLongLines;
    private long _mixedLines;
    private long _skippedBytes;

    /// <summary>Creates the mapper of one turn.</summary>
    /// <param name="turnId">The turn.</param>
    /// <param name="agentId">Its agent.</param>
    /// <param name="resume">The thread that codex is asked to resume, or null for a new one.</param>
    /// <param name="baseline">The last known token total of that thread.</param>
    public TurnMapper(TurnId turnId, AgentId agentId, ThreadId? resume, Usage? baseline)
    {
        (_turnId, _agentId, _thread) = (turnId, agentId, new TurnThread(resume, baseline));
    }

    /// <summary>codex's progress so far.</summary>
    public TurnProgress Progress =>
        new(
            _thread.Named,
            _completed,
            _failure is not null,
            new MappingCounts(_lines, _unknownEvents, _unknownItems, _unreadableLines, _tooLongLines)
            {
                MixedLines = _mixedLines,
                SkippedBytes = _skippedBytes,
            }
        );

    /// <summary>
    /// Whether codex has begun to work on the turn, so that a silence is its model's. May be read from any thread.
    /// </summary>
    /// <remarks>
    /// Before <c>turn.started</c> it prints <c>thread.started</c> and items of type <c>error</c> (measured on 0.169.0 and 0.171.0).
    /// </remarks>
    public bool HasBegun => _begun;

    /// <summary>
    /// The thread that codex has worked in; null if it has not begun, or did not name a new one. The line that names it can be lost.
    /// </summary>
    internal ThreadId? WorkedIn => _thread.IsNamed || !_begun ? _thread.Named : _thread.Resumed;

    // A wrapper around codex may print, but it names no thread and begins no turn.
    private bool HasSpoken => _begun || _thread.IsNamed;

    /// <summary>The names of unknown events and items, up to sixteen, for the log.</summary>
    public IEnumerable<string> UnknownTypes => _unknownNames.Names;

    /// <summary>The event with which a turn begins.</summary>
    public CanonicalEvent.MessageStart Start() => new(_turnId, _agentId, _thread.Resumed is not null);

    /// <summary>
    /// Why codex refused to resume the thread, derived from how it exited. Codex refuses before it prints anything (measured on 0.169.0
    /// and 0.171.0); a wrapper around it may have printed.
    /// </summary>
    public ResumeProblem ResumeProblemOf(ProcessExit exit, string stderrTail)
    {
        ArgumentNullException.ThrowIfNull(stderrTail);
        return _thread.Resumed is null || HasSpoken || exit.IsSuccess ? ResumeProblem.None : ResumeProblems.Of(stderrTail);
    }

    /// <summary>Switches to a new thread because codex does not know the requested one; codex is then started once more.</summary>
    /// <returns>The notice that the context is lost.</returns>
    /// <exception cref="InvalidOperationException">The turn resumes no thread, or codex works in one already.</exception>
    public CanonicalEvent.Notice BeginNewThread() =>
        !HasSpoken ? _thread.GiveUp() : throw new InvalidOperationException("The turn cannot switch to a new thread: it has begun.");

    /// <summary>Maps one line and adds its events to <paramref name="output"/>.</summary>
    internal void Map(JsonlLine line, List<CanonicalEvent> output)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        _lines++;
        if (line.IsTooLong)
        {
            _tooLongLines++;
            _answer.Missed(MessageLoss.Probable);
            output.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.LineTooLong,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"codex wrote a line of {line.Length} bytes, which is over the limit; it was skipped."
                    )
                )
            );
            return;
        }

        var events = new LineEvents(line.Bytes);
        while (true)
        {
            var found = events.Next(out var e);
            _answer.Missed(events.Loss);
            if (!found)
            {
                break;
            }

            MapEvent(in e, output);
        }

        if (events.Count == 0)
        {
            MapUnreadable(line, output);
        }
        else if (events.SkippedBytes > 0)
        {
            _mixedLines++;
            _skippedBytes += events.SkippedBytes;
        }
    }

    private void MapEvent(in CodexEvent e, List<CanonicalEvent> output)
    {
        _begun |= e.Type switch
        {
            CodexEventType.ItemStarted or CodexEventType.ItemUpdated or CodexEventType.ItemCompleted => e.ItemType != CodexItemType.Error,
            CodexEventType.TurnStarted or CodexEventType.TurnCompleted or CodexEventType.TurnFailed => true,
            _ => false,
        };
        switch (e.Type)
        {
            case CodexEventType.ItemCompleted:
                MapItem(in e, ActivityPhase.Completed, output);
                break;
            case CodexEventType.ItemStarted:
                MapItem(in e, ActivityPhase.Started, output);
                break;
            case CodexEventType.ItemUpdated:
                MapItem(in e, ActivityPhase.Updated, output);
                break;
            case CodexEventType.TurnStarted:
                break;
            case CodexEventType.Error:
                MapError(e.Message.Decode(), output);
                break;
            case CodexEventType.ThreadStarted:
                MapThread(e.ThreadId.Decode(), output);
                break;
            case CodexEventType.TurnCompleted:
                _completed = true;
                _answer.Ends();
                _total = e.HasUsage ? e.Usage : _total;
                break;
            case CodexEventType.TurnFailed:
                _failure = e.Message.Decode();
                break;
            case CodexEventType.Unknown:
                _unknownEvents++;
                _unknownNames.Add(e.UnknownType.Raw);
                _answer.Missed(TornEvent.LossOf(in e));
                break;
        }
    }

    private void MapItem(in CodexEvent e, ActivityPhase phase, List<CanonicalEvent> output)
    {
        var completed = phase == ActivityPhase.Completed;
        switch (e.ItemType)
        {
            case CodexItemType.Activity:
                _answer.Works(e.ItemId.Decode(), phase);
                output.Add(new CanonicalEvent.Activity(ActivityItem.Capture(e.Item), phase));
                break;
            case CodexItemType.Plan:
                output.Add(new CanonicalEvent.Activity(ActivityItem.Capture(e.Item), phase));
                break;
            case CodexItemType.AgentMessage when completed && !e.HasText:
                _answer.Missed(MessageLoss.Certain);
                break;
            case CodexItemType.AgentMessage when completed && !e.Text.IsEmpty:
                var text = e.Text.Decode();
                _answer.Told(text);
                output.Add(new CanonicalEvent.TextDelta(text));
                break;
            case CodexItemType.Reasoning when completed && !e.Text.IsEmpty:
                output.Add(new CanonicalEvent.ThinkingDelta(e.Text.Decode()));
                break;
            case CodexItemType.Error when completed:
                var message = e.Message.Decode();
                var code = message.StartsWith("Model metadata", StringComparison.Ordinal)
                    ? NoticeCodes.ModelMetadata
                    : NoticeCodes.CodexWarning;
                output.Add(new CanonicalEvent.Notice(code, message));
                break;
            case CodexItemType.Unknown:
                _unknownItems++;
                _unknownNames.Add(e.UnknownType.Raw);
                _answer.Missed(TornEvent.LossOf(in e));
                break;
            case CodexItemType.AgentMessage when !completed && !e.Text.IsEmpty:
                // Its text comes again when it is complete.
                _answer.Missed(MessageLoss.Probable);
                break;
            default:
                // A message or reasoning has begun.
                break;
        }
    }

    private void MapError(string message, List<CanonicalEvent> output)
    {
        var reconnecting = message.StartsWith("Reconnecting", StringComparison.OrdinalIgnoreCase);
        _lastError = reconnecting ? _lastError : message;
        output.Add(new CanonicalEvent.Notice(reconnecting ? NoticeCodes.Reconnecting : NoticeCodes.CodexError, message));
    }

    private void MapThread(string text, List<CanonicalEvent> output)
    {
        // codex names its thread first and once (measured on 0.169.0 and 0.171.0), so whoever names one later is not codex.
        if (HasSpoken)
        {
            _unknownEvents++;
            _answer.Missed(MessageLoss.Possible);
            return;
        }

        // Nothing of codex's turn is in what came before.
        _answer.ForgetDoubts();
        _lastError = null;
        if (_thread.Name(text) is { } notice)
        {
            output.Add(notice);
        }
    }

    private void MapUnreadable(JsonlLine line, List<CanonicalEvent> output)
    {
        _unreadableLines++;
        _answer.Missed(MessageLoss.Possible);
        if (!_unreadableTold)
        {
            _unreadableTold = true;
            output.Add(
                new CanonicalEvent.Notice(
                    NoticeCodes.LineUnreadable,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"codex wrote a line that is not an event ({line.Length} bytes, at byte {line.Offset} of its output); "
                            + $"such lines are ignored."
                    )
                )
            );
        }
    }
}
