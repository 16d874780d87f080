using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Terminals;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Live;

/// <summary>The rows of the live view. The narrower the terminal, the fewer columns they have.</summary>
/// <param name="Titles">The columns' titles.</param>
/// <param name="Rows">A line for each agent.</param>
internal sealed record LiveTable(ScreenLine Titles, IReadOnlyList<ScreenLine> Rows)
{
    private const string Gap = "  ";
    private const int MinWidthForState = 16;
    private const int MinWidthForTime = 34;
    private const int MinWidthForLast = 60;
    private const int MinWidthForNumbers = 110;
    private const int MinName = 16;
    private const int MaxName = 64;

    /// <summary>Makes the table.</summary>
    /// <param name="rows">The agents, in the order in which they are shown; at least one.</param>
    /// <param name="width">The terminal's columns.</param>
    /// <param name="now">The current time.</param>
    public static LiveTable Of(LiveRow[] rows, int width, DateTimeOffset now)
    {
        var columns = Columns(rows, width, now).ToArray();
        var fixedWidth = columns.Sum(column => Gap.Length + column.Width);
        var hasLast = width >= MinWidthForLast;
        var names = Names(rows, hasLast ? Math.Clamp(width * 3 / 10, MinName, MaxName) : width - fixedWidth);
        var last = width - names.Width - fixedWidth - Gap.Length;
        return new LiveTable(
            new ScreenLine(Line(column => column.Title, "LAST"), LineLook.Title),
            [
                .. rows.Select(
                    (row, at) => new ScreenLine(Line(column => column.Cells[at], Last(row)), row.IsIdle ? LineLook.Quiet : LineLook.Plain)
                ),
            ]
        );

        string Line(Func<Column, string> cell, string text)
        {
            var line = string.Join(Gap, columns.Prepend(names).Select(column => column.Fill(cell(column))));
            return TextCells.Cut(hasLast ? line + Gap + TextCells.Cut(text, last) : line, width);
        }
    }

    private static Column Names(LiveRow[] rows, int width)
    {
        var names = ShortNames.Of([.. rows.Select(row => row.Agent.Value)], width);
        return new Column("AGENT", [.. names]);
    }

    private static IEnumerable<Column> Columns(LiveRow[] rows, int width, DateTimeOffset now)
    {
        if (width >= MinWidthForState)
        {
            yield return new Column("STATE", [.. rows.Select(State)]);
        }

        if (width >= MinWidthForTime)
        {
            yield return new Column("TIME", [.. rows.Select(row => Time(row, now))], IsRight: true);
        }

        if (width >= MinWidthForNumbers)
        {
            yield return new Column("QUEUE", [.. rows.Select(row => TurnTexts.Count(row.Queued))], IsRight: true);
            yield return new Column("IN", [.. rows.Select(row => TurnTexts.Count(row.Usage.InputTokens))], IsRight: true);
            yield return new Column("OUT", [.. rows.Select(row => TurnTexts.Count(row.Usage.OutputTokens))], IsRight: true);
        }
    }

    // Nothing moves while nothing runs, so that nothing need be drawn.
    private static string Time(LiveRow row, DateTimeOffset now) =>
        row.IsIdle ? Spans.InMinutes(now - row.Since) : TurnTexts.Span(now - row.Since);

    private static string State(LiveRow row) =>
        row.Phase switch
        {
            AgentPhase.Idle => row.Ended is { } reason ? TurnTexts.How(reason) : "idle",
            AgentPhase.WaitingForSlot or AgentPhase.WaitingForThread => "waiting",
            AgentPhase.Preparing => "starting",
            AgentPhase.Settling => "ending",
            _ => row.Phase.ToString().ToLowerInvariant(),
        };

    private static string Last(LiveRow row) =>
        row.Phase switch
        {
            AgentPhase.WaitingForSlot => "for a slot",
            AgentPhase.WaitingForThread when row.Last.Length == 0 => "for its thread",
            _ => row.Last,
        };

    /// <summary>A column.</summary>
    /// <param name="Title">Its title.</param>
    /// <param name="Cells">Its cells, one for each row.</param>
    /// <param name="IsRight">Whether its cells stand at the right.</param>
    private sealed record Column(string Title, string[] Cells, bool IsRight = false)
    {
        public int Width { get; } = Math.Max(Title.Length, Cells.Max(cell => cell.Length));

        public string Fill(string cell) => TextCells.Fill(cell, Width, IsRight);
    }
}
