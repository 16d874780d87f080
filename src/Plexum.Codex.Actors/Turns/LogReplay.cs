using System.Collections.Immutable;
using Plexum.Codex.Events;
using Plexum.Codex.Logs;

namespace Plexum.Codex.Turns;

/// <summary>Filters the events of a recovered turn, dropping those that its log already has.</summary>
/// <param name="logged">What the log has.</param>
/// <param name="repeatsOutput">Whether the backend tells codex's output and tool calls again from their start.</param>
internal sealed class LogReplay(LoggedTurn logged, bool repeatsOutput = true)
{
    private long _output = repeatsOutput ? logged.FromOutput : 0;
    private long _tools = repeatsOutput ? logged.OfTools : 0;

    /// <summary>The events that the log does not have yet. Output and tool events are skipped by number, the others by kind.</summary>
    public ImmutableArray<CanonicalEvent> NewOf(ImmutableArray<CanonicalEvent> events) => [.. events.Where(value => !TakeKnown(value))];

    private bool TakeKnown(CanonicalEvent value) =>
        value switch
        {
            _ when LoggedTurn.IsFromOutput(value) => _output > 0 && _output-- > 0,
            CanonicalEvent.MessageStart => logged.HasStart,
            CanonicalEvent.Notice notice => logged.HasNotice(notice.Code),
            CanonicalEvent.ToolCall or CanonicalEvent.ToolResult => _tools > 0 && _tools-- > 0,
            CanonicalEvent.ApprovalRequest request => logged.HasQuestion(request.Question.Id),
            CanonicalEvent.ApprovalAnswer answer => logged.HasAnswer(answer.Id),
            CanonicalEvent.Error => logged.Error is not null,
            _ => false,
        };
}
