using System.Globalization;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Formats states, numbers and times for tables.</summary>
internal static class TurnTexts
{
    /// <summary>The state of a turn, or how it ended.</summary>
    public static string State(TurnDocument turn) =>
        turn.State switch
        {
            TurnState.Queued => "queued",
            TurnState.Running => "running",
            _ => How(turn.StopReason ?? StopReason.Error),
        };

    /// <summary>How a turn ended.</summary>
    public static string How(StopReason reason) =>
        reason switch
        {
            StopReason.EndTurn => "done",
            StopReason.Cancelled => "cancelled",
            StopReason.Timeout => "timed out",
            _ => "failed",
        };

    /// <summary>A time in this machine's time zone.</summary>
    public static string At(DateTimeOffset moment) => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A duration in its two largest units.</summary>
    public static string Span(TimeSpan span) =>
        span.TotalSeconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Floor(span.TotalSeconds)):0}s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m {span.Seconds:00}s"),
            < 86400 => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h {span.Minutes:00}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalDays}d {span.Hours:00}h"),
        };

    /// <summary>A count with thousands separators.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
