using System.Globalization;
using Plexum.Codex.Client.Documents;
using Plexum.Codex.Host.Terminals;
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
            // An error before the end is told only of a turn whose command was killed.
            not TurnState.Ended when turn.Error is not null => "lost",
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
    public static string Span(TimeSpan span) => Spans.Of(span);

    /// <summary>A count with thousands separators.</summary>
    public static string Count(long count) => count.ToString("#,0", CultureInfo.InvariantCulture);
}
