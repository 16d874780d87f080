using System.Globalization;

namespace Plexum.Codex.Host.Terminals;

/// <summary>Formats durations.</summary>
internal static class Spans
{
    /// <summary>A duration in its two largest units.</summary>
    public static string Of(TimeSpan span) =>
        span.TotalSeconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Floor(span.TotalSeconds)):0}s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m {span.Seconds:00}s"),
            < 86400 => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h {span.Minutes:00}m"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalDays}d {span.Hours:00}h"),
        };

    /// <summary>A duration in its largest unit, at least minutes, for what need not be told by the second.</summary>
    public static string InMinutes(TimeSpan span) =>
        span.TotalMinutes switch
        {
            < 1 => "<1m",
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes}m"),
            < 1440 => string.Create(CultureInfo.InvariantCulture, $"{span.Hours}h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalDays}d"),
        };
}
