using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Turns;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Plexum.Codex.Host.Live;

/// <summary>Draws what every agent is doing. To fit the terminal, it truncates texts and leaves out agents, stating how many.</summary>
internal static class LiveTable
{
    // The title, the column headers, the number of agents left out, and the cursor's line.
    private const int OtherLines = 5;

    private static readonly Style Quiet = new(Color.Grey);

    /// <param name="picture">The data.</param>
    /// <param name="now">The current time.</param>
    /// <param name="width">The terminal's width, in columns.</param>
    /// <param name="height">The terminal's height, in lines.</param>
    public static IRenderable Draw(LivePicture picture, DateTimeOffset now, int width, int height)
    {
        var room = Math.Max(1, height - OtherLines);
        var table = new Table { Border = TableBorder.None, ShowHeaders = picture.Rows.Count > 0 };
        foreach (var title in new[] { "AGENT", "STATE", "SINCE", "QUEUE", "IN", "OUT", "LAST" })
        {
            table.AddColumn(
                new TableColumn(new Text(title, new Style(decoration: Decoration.Bold)))
                {
                    NoWrap = true,
                    Padding = new Padding(0, 0, 2, 0),
                }
            );
        }

        foreach (var row in picture.Rows.Take(room))
        {
            table.AddRow(
                Cells(row, now, width).Select(cell => new Text(cell, row.IsIdle ? Quiet : Style.Plain) { Overflow = Overflow.Ellipsis })
            );
        }

        var left = picture.Left + Math.Max(0, picture.Rows.Count - room);
        var slots = Consoles.OneLine(
            $"{picture.Used} of {picture.Limit} slots for codex in use, {picture.Waiting} agents waiting",
            Math.Max(1, width - 1)
        );
        return new Rows(
            new Text(slots, Quiet),
            table,
            new Text(left > 0 ? Consoles.OneLine($"and {left} more agents", Math.Max(1, width - 1)) : "", Quiet)
        );
    }

    private static string[] Cells(LiveRow row, DateTimeOffset now, int width) =>
        [
            Consoles.OneLine(row.Agent.Value, 24),
            State(row),
            TurnTexts.Span(now - row.Since),
            TurnTexts.Count(row.Queued),
            TurnTexts.Count(row.Usage.InputTokens),
            TurnTexts.Count(row.Usage.OutputTokens),
            Consoles.OneLine(row.Glance?.Last ?? "", Math.Max(10, width - 70)),
        ];

    private static string State(LiveRow row) =>
        row.Phase switch
        {
            AgentPhase.Idle => row.Glance?.End is { } end ? TurnTexts.How(end.StopReason) : "idle",
            AgentPhase.WaitingForSlot => "waiting for a slot",
            AgentPhase.WaitingForThread => "waiting for its thread",
            AgentPhase.Preparing => "starting",
            AgentPhase.Settling => "ending",
            AgentPhase.Running => "running",
            _ => row.Phase.ToString().ToLowerInvariant(),
        };
}
