using System.Globalization;

namespace Plexum.Codex.Retention;

/// <summary>Notices that the machine's clock was set, by the clock that nobody can set.</summary>
/// <param name="time">Both clocks.</param>
public sealed class ClockWatch(TimeProvider time)
{
    private static readonly TimeSpan GreatestDrift = TimeSpan.FromHours(1);

    private (DateTimeOffset At, long Timestamp)? _last;

    /// <summary>Looks at the clock.</summary>
    /// <returns>A sentence when it was set by more than an hour since the last look; null when all is well.</returns>
    public string? Look()
    {
        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var drift = _last is { } last ? now - last.At - time.GetElapsedTime(last.Timestamp, timestamp) : TimeSpan.Zero;
        _last = (now, timestamp);
        return drift.Duration() <= GreatestDrift ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"The machine's clock was set {(drift > TimeSpan.Zero ? "forward" : "back")} by {drift.Duration().TotalHours:0.0} hours since the last round, so nothing is removed in this one. Check the clock.");
    }
}
