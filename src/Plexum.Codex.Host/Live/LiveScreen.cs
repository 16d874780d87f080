using System.Globalization;
using Plexum.Codex.Host.Rendering;
using Plexum.Codex.Host.Terminals;

namespace Plexum.Codex.Host.Live;

/// <summary>
/// Draws what every agent is doing, for a terminal of any size: agents at work first, then those that wait, then the others, one line each,
/// how many are left out, and what should page an operator.
/// </summary>
internal static class LiveScreen
{
    // Below, a row more is worth more than titles, or than a message or a problem.
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
        ScreenLine[] below = size.Height >= MinHeightForMessage ? [.. Below(picture, size.Width)] : [];
        var rows = picture
            .Rows.OrderBy(row => row.Rank)
            .ThenBy(row =>
                row.IsIdle ? -row.Since.UtcTicks
                : row.IsWaiting ? 0
                : row.Since.UtcTicks
            )
            .ToArray();
        var shown = rows.Take(RoomOf(size) - below.Length).ToArray();
        List<ScreenLine> lines = [new(Header(picture, size.Width), LineLook.Title)];
        if (shown.Length > 0)
        {
            var table = LiveTable.Of(shown, size.Width, now);
            lines.AddRange(size.Height >= MinHeightForTitles ? [table.Titles, .. table.Rows] : table.Rows);
        }

        lines.AddRange(below);

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

    // A line each at most.
    private static IEnumerable<ScreenLine> Below(LivePicture picture, int width)
    {
        if (picture.Message is { } message)
        {
            yield return new ScreenLine(TextCells.Cut(message, width));
        }

        if (picture.Problems is [var first, ..])
        {
            var more = picture.Problems.Count == 1 ? "" : Text($" and {picture.Problems.Count - 1} more");
            yield return new ScreenLine(TextCells.Cut($"PROBLEM {first.Kind.Code}{more}: {first.Message}", width), LineLook.Title);
        }
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
