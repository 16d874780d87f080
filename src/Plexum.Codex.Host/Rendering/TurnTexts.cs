using System.Globalization;
using Plexum.Codex.Host.Api.Documents;
using Plexum.Codex.Ledger;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Host.Rendering;

/// <summary>Words, numbers and times for tables.</summary>
internal static class TurnTexts
{
    /// <summary>Where a turn stands or how it ended, in a word or two.</summary>
    public static string State(TurnDocument turn) => turn.State switch
    {
        TurnState.Queued => "queued",
        TurnState.Running => "running",
        _ => How(turn.StopReason ?? StopReason.Error),
    };

    /// <summary>How a turn ended.</summary>
    public static string How(StopReason reason) => reason switch
    {
        StopReason.EndTurn => "done",
        StopReason.Cancelled => "cancelled",
        StopReason.Timeout => "took too long",
        _ => "failed",
    };

    /// <summary>A moment in the time of this machine.</summary>
    public static string At(DateTimeOffset moment) => moment.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A span of time in its two largest units.</summary>
    public static string Span(TimeSpan span) => span.TotalSeconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Floor(span.TotalSeconds)):0}s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m {span.Seconds:00}s"),
        < 86400 => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h {span.Minutes:00}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalDays}d {span.Hours:00}h"),
    };

    /// <summary>A count with its thousands apart.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
