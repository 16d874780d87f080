using System.Globalization;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Terminals;

namespace Plexum.Codex.Host.Live;

/// <summary>
/// Draws what every agent is doing, for a terminal of any size: agents at work first, then those that wait, then the others, one line each,
/// and how many are left out.
/// </summary>
internal static class LiveScreen
{
    // Below, a row more is worth more than titles, or than a message.
    private const int MinHeightForTitles = 8;
    private const int MinHeightForMessage = 6;

    /// <summary>How many agents a terminal shows.</summary>
    public static int RoomOf(TerminalSize size) => Math.Max(0, size.Height - 2 - (size.Height >= MinHeightForTitles ? 1 : 0));

    /// <summary>The lines, none wider than the terminal and no more than it has.</summary>
    /// <param name="picture">The data.</param>
    /// <param name="size">The terminal's size.</param>
    /// <param name="now">The current time.</param>
    public static IReadOnlyList<ScreenLine> Draw(LivePicture picture, TerminalSize size, DateTimeOffset now)
    {
        var message = size.Height >= MinHeightForMessage ? picture.Message : null;
        var rows = picture
            .Rows.OrderBy(row => row.Rank)
            .ThenBy(row =>
                row.IsIdle ? -row.Since.UtcTicks
                : row.IsWaiting ? 0
                : row.Since.UtcTicks
            )
            .ToArray();
        var shown = rows.Take(RoomOf(size) - (message is null ? 0 : 1)).ToArray();
        List<ScreenLine> lines = [new(Header(picture, size.Width), LineLook.Title)];
        if (shown.Length > 0)
        {
            var table = LiveTable.Of(shown, size.Width, now);
            lines.AddRange(size.Height >= MinHeightForTitles ? [table.Titles, .. table.Rows] : table.Rows);
        }

        if (message is not null)
        {
            lines.Add(new ScreenLine(TextCells.Cut(message, size.Width)));
        }

        // The last line is there even if it is empty, so that what is above stays where it is.
        lines.Add(new ScreenLine(More(rows[shown.Length..], picture.IsPartial, size.Width), LineLook.Quiet));
        return [.. lines.Take(Math.Max(1, size.Height))];
    }

    private static string Header(LivePicture picture, int width)
    {
        var agents = Count(picture.Rows.Count, picture.IsPartial);
        var agentsInWords = picture is { Rows.Count: 1, IsPartial: false } ? "1 agent" : $"{agents} agents";
        return Longest(
            width,
            Text($"plexum-codex: {picture.Used} of {picture.Limit} slots in use, {picture.Waiting} waiting for one, {agentsInWords}"),
            Text($"{picture.Used} of {picture.Limit} slots in use, {picture.Waiting} waiting"),
            Text($"{picture.Used}/{picture.Limit} run, {picture.Waiting} wait")
        );
    }

    private static string More(LiveRow[] left, bool isPartial, int width)
    {
        if (left.Length == 0)
        {
            return isPartial ? TextCells.Cut("and more", width) : "";
        }

        var more = $"and {Count(left.Length, isPartial)} more";
        string[] parts = [Part(0, "at work"), Part(1, "waiting"), Part(2, "idle")];
        return Longest(width, $"{more}: {string.Join(", ", parts.Where(part => part.Length > 0))}", more);

        string Part(int rank, string word) => left.Count(row => row.Rank == rank) is > 0 and var count ? Text($"{count} {word}") : "";
    }

    private static string Count(int count, bool isPartial) => (isPartial ? "over " : "") + TurnTexts.Count(count);

    private static string Longest(int width, params string[] texts) =>
        texts.FirstOrDefault(text => TextCells.Width(text) <= width) ?? TextCells.Cut(texts[^1], width);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
