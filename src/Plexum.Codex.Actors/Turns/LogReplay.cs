using System.Collections.Immutable;

namespace Plexum.Codex.Turns;

/// <summary>Leaves out, of the events of a turn that is taken up again, those that its log has.</summary>
internal sealed class LogReplay(LoggedTurn logged)
{
    private long _output = logged.FromOutput;
    private long _tools = logged.OfTools;

    /// <summary>What is new of the events of codex's output; they come again from the first on.</summary>
    public ImmutableArray<CanonicalEvent> OfOutput(ImmutableArray<CanonicalEvent> events)
    {
        var known = (int)Math.Min(_output, events.Length);
        _output -= known;
        return known == 0 ? events : events[known..];
    }

    /// <summary>What is new of the events that this program adds.</summary>
    public ImmutableArray<CanonicalEvent> OfProgram(ImmutableArray<CanonicalEvent> events) =>
        [.. events.Where(value => !TakeKnown(value))];

    private bool TakeKnown(CanonicalEvent value) => value switch
    {
        CanonicalEvent.MessageStart => logged.HasStart,
        CanonicalEvent.Notice notice => logged.HasNotice(notice.Code),
        CanonicalEvent.ToolCall or CanonicalEvent.ToolResult => _tools > 0 && _tools-- > 0,
        CanonicalEvent.Error => logged.Error is not null,
        _ => false,
    };
}
