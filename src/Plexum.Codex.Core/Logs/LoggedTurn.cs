using Plexum.Codex.Approvals;
using Plexum.Codex.Events;
using Plexum.Codex.Ledger;
using Plexum.Codex.Options;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Logs;

/// <summary>
/// What a turn's log already contains, read by a process that recovers the turn after another process died. Codex's output is
/// then read again from its start and yields the same events in the same order; those already in the log are skipped.
/// </summary>
public sealed class LoggedTurn
{
    private readonly HashSet<string> _notices = [];
    private readonly ToldItems _items = new();
    private readonly HashSet<ApprovalId> _asked = [];
    private readonly HashSet<ApprovalId> _answered = [];
    private readonly SaidTexts _said = new();

    /// <summary>A turn whose log is empty.</summary>
    public static LoggedTurn Nothing { get; } = new();

    /// <summary>Whether the turn's first event is there.</summary>
    public bool HasStart { get; private set; }

    /// <summary>What the first event says runs the turn; null if there is none, or if it does not say so.</summary>
    public BackendKind? Backend { get; private set; }

    /// <summary>How many events came from codex's output.</summary>
    public long FromOutput { get; private set; }

    /// <summary>How many events are tool calls and results.</summary>
    public long OfTools { get; private set; }

    /// <summary>Codex's last message that is not blank and was not thrown away, or null.</summary>
    public string? LastText => _said.Last is { Item: { } item } ? _items.TextOf(item) : _said.Last?.Text;

    /// <summary>The item of the message that is being written, as far as the log tells: nothing of codex follows. Null for none.</summary>
    public string? OpenText { get; private set; }

    /// <summary>Whether the log has messages in pieces.</summary>
    public bool HasPieces => _items.HasTexts;

    /// <summary>What went wrong; null if nothing has so far.</summary>
    public CanonicalEvent.Error? Error { get; private set; }

    /// <summary>The last event; null if the turn has not ended.</summary>
    public CanonicalEvent.MessageEnd? End { get; private set; }

    /// <summary>Whether the log has this notice of this program's.</summary>
    public bool HasNotice(string code) => _notices.Contains(code);

    /// <summary>Whether the log has a question of codex.</summary>
    public bool HasQuestion(ApprovalId id) => _asked.Contains(id);

    /// <summary>Whether the log has the answer to a question of codex.</summary>
    public bool HasAnswer(ApprovalId id) => _answered.Contains(id);

    /// <summary>The questions of codex that have no answer.</summary>
    public IEnumerable<ApprovalId> OpenQuestions => _asked.Where(id => !_answered.Contains(id));

    /// <summary>The text of a message or of reasoning so far; null if the log has nothing of it. Only pieces name their item.</summary>
    public string? TextOf(string item) => _items.TextOf(item);

    /// <summary>Whether the log has an activity in this phase.</summary>
    public bool HasActivity(string item, ActivityPhase phase) => _items.HasActivity(item, phase);

    /// <summary>The ids of the tool calls.</summary>
    public IReadOnlySet<string> ToolCalls => _items.ToolCalls;

    /// <summary>How the turn ended.</summary>
    /// <param name="at">When it ended.</param>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    public TurnOutcome ToOutcome(DateTimeOffset at) =>
        TurnOutcome.Of(End ?? throw new InvalidOperationException("The turn has not ended."), Error, at);

    /// <summary>Whether an event comes from codex's output and not from this program.</summary>
    public static bool IsFromOutput(CanonicalEvent value) =>
        value switch
        {
            CanonicalEvent.TextDelta or CanonicalEvent.ThinkingDelta or CanonicalEvent.Activity => true,
            CanonicalEvent.Notice notice => NoticeCodes.IsFromOutput(notice.Code),
            _ => false,
        };

    /// <summary>Adds the next event of the log.</summary>
    public void Count(CanonicalEvent value)
    {
        _items.Add(value);
        _said.Add(value);
        OpenText = value switch
        {
            CanonicalEvent.TextDelta text => text.Item,
            CanonicalEvent.ThinkingDelta or CanonicalEvent.Activity or CanonicalEvent.ToolCall => null,
            CanonicalEvent.Notice { Code: NoticeCodes.TextDiscarded } => null,
            _ => OpenText,
        };
        if (IsFromOutput(value))
        {
            FromOutput++;
            return;
        }

        switch (value)
        {
            case CanonicalEvent.MessageStart start:
                (HasStart, Backend) = (true, start.Backend);
                break;
            case CanonicalEvent.Notice notice:
                _notices.Add(notice.Code);
                break;
            case CanonicalEvent.ToolCall or CanonicalEvent.ToolResult:
                OfTools++;
                break;
            case CanonicalEvent.ApprovalRequest request:
                _asked.Add(request.Question.Id);
                break;
            case CanonicalEvent.ApprovalAnswer answer:
                _answered.Add(answer.Id);
                break;
            case CanonicalEvent.Error error:
                Error = error;
                break;
            case CanonicalEvent.MessageEnd end:
                End = end;
                break;
            default:
                break;
        }
    }
}
