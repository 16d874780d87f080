using System.Collections.Immutable;
using System.Globalization;
using Plexum.Codex.Processes;
using Plexum.Codex.Streams;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Exec.Output;

/// <summary>
/// Turns what <c>codex exec --json</c> prints during one turn into canonical events. Items of type <c>error</c> and top-level
/// <c>error</c>s are notices, since a turn with them may end well; whether the turn failed is decided once, in
/// <see cref="Finish"/>. Not for use from two threads at once.
/// </summary>
public sealed partial class TurnMapper
{
    private readonly TurnId _turnId;
    private readonly AgentId _agentId;
    private readonly UnknownNames _unknownNames = new();
    private ThreadId? _resume;
    private Usage? _baseline;
    private ThreadId? _thread;
    private Usage? _total;
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

    /// <summary>The mapper of one turn.</summary>
    /// <param name="turnId">The turn.</param>
    /// <param name="agentId">Its agent.</param>
    /// <param name="resume">The thread that codex is asked to resume, or null for a new one.</param>
    /// <param name="baseline">The last total that is known of that thread.</param>
    public TurnMapper(TurnId turnId, AgentId agentId, ThreadId? resume, Usage? baseline)
    {
        _turnId = turnId;
        _agentId = agentId;
        _resume = resume;
        _baseline = resume is null ? Usage.Zero : baseline;
    }

    /// <summary>How far codex has come.</summary>
    public TurnProgress Progress => new(
        _thread,
        _completed,
        _failure is not null,
        new MappingCounts(_lines, _unknownEvents, _unknownItems, _unreadableLines, _tooLongLines));

    /// <summary>The names of unknown events and items, up to sixteen, for the log.</summary>
    public IEnumerable<string> UnknownTypes => _unknownNames.Names;

    /// <summary>The event with which a turn begins.</summary>
    public CanonicalEvent.MessageStart Start() => new(_turnId, _agentId, _resume is not null);

    /// <summary>Why codex would not go on in the thread, told from how it exited.</summary>
    public ResumeProblem ResumeProblemOf(ProcessExit exit, string stderrTail)
    {
        ArgumentNullException.ThrowIfNull(stderrTail);
        return _resume is null || _lines > 0 || exit.IsSuccess ? ResumeProblem.None : ResumeProblems.Of(stderrTail);
    }

    /// <summary>Goes over to a new thread, after codex did not know the one it was asked for; codex is started once more.</summary>
    /// <returns>The notice that the context is lost.</returns>
    /// <exception cref="InvalidOperationException">codex has already begun to tell of this turn.</exception>
    public CanonicalEvent.Notice BeginNewThread()
    {
        if (_resume is not { } lost || _lines > 0)
        {
            throw new InvalidOperationException("A new thread was to be begun in a turn that resumes none or has begun already.");
        }

        _resume = null;
        _baseline = Usage.Zero;
        return new CanonicalEvent.Notice(
            NoticeCodes.ThreadLost,
            $"codex does not know the thread {lost} any more. A new thread begins; what was said before is not known to it.");
    }

    /// <summary>Maps one line, and adds what comes of it to <paramref name="output"/>.</summary>
    internal void Map(JsonlLine line, List<CanonicalEvent> output)
    {
        ObjectDisposedException.ThrowIf(_finished, this);
        _lines++;
        if (line.IsTooLong)
        {
            _tooLongLines++;
            output.Add(new CanonicalEvent.Notice(
                NoticeCodes.LineTooLong,
                string.Create(CultureInfo.InvariantCulture, $"codex wrote a line of {line.Length} bytes, which is over the limit; it was skipped.")));
            return;
        }

        var e = CodexEventReader.Read(line.Bytes);
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
                _total = e.HasUsage ? e.Usage : _total;
                break;
            case CodexEventType.TurnFailed:
                _failure = e.Message.Decode();
                break;
            case CodexEventType.Unknown:
                _unknownEvents++;
                _unknownNames.Add(e.UnknownType.Raw);
                break;
            default:
                MapUnreadable(line, output);
                break;
        }
    }

    private void MapItem(in CodexEvent e, ActivityPhase phase, List<CanonicalEvent> output)
    {
        var completed = phase == ActivityPhase.Completed;
        switch (e.ItemType)
        {
            case CodexItemType.Activity:
                output.Add(new CanonicalEvent.Activity(ActivityItem.Capture(e.Item), phase));
                break;
            case CodexItemType.AgentMessage when completed && !e.Text.IsEmpty:
                output.Add(new CanonicalEvent.TextDelta(e.Text.Decode()));
                break;
            case CodexItemType.Reasoning when completed && !e.Text.IsEmpty:
                output.Add(new CanonicalEvent.ThinkingDelta(e.Text.Decode()));
                break;
            case CodexItemType.Error when completed:
                var message = e.Message.Decode();
                var code = message.StartsWith("Model metadata", StringComparison.Ordinal) ? NoticeCodes.ModelMetadata : NoticeCodes.CodexWarning;
                output.Add(new CanonicalEvent.Notice(code, message));
                break;
            case CodexItemType.Unknown:
                _unknownItems++;
                _unknownNames.Add(e.UnknownType.Raw);
                break;
            default:
                // The beginning of a message or of reasoning: the text comes when it is complete.
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
        if (!ThreadId.TryParse(text, out var thread))
        {
            output.Add(new CanonicalEvent.Notice(
                NoticeCodes.ThreadUnusable, "codex named a thread that is no UUID; the next turn cannot go on with it and begins a new one."));
            return;
        }

        _thread = thread;
        if (_resume is { } asked && asked != thread)
        {
            _resume = thread;
            _baseline = Usage.Zero;
            output.Add(new CanonicalEvent.Notice(
                NoticeCodes.ThreadChanged,
                $"codex was asked to go on in thread {asked} and went on in {thread}; what was said before may not be known to it."));
        }
    }

    private void MapUnreadable(JsonlLine line, List<CanonicalEvent> output)
    {
        _unreadableLines++;
        if (!_unreadableTold)
        {
            _unreadableTold = true;
            output.Add(new CanonicalEvent.Notice(
                NoticeCodes.LineUnreadable,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"codex wrote a line that is none of its events ({line.Length} bytes, at byte {line.Offset} of its output); it and others like it are passed over.")));
        }
    }
}
