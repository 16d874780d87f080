using System.Globalization;

namespace Plexum.Codex;

/// <summary>Detects that the machine's clock was set, by comparing it with the monotonic clock.</summary>
/// <param name="time">Provides both clocks.</param>
public sealed class ClockWatch(TimeProvider time)
{
    private static readonly TimeSpan MaxDrift = TimeSpan.FromHours(1);

    private (DateTimeOffset At, long Timestamp)? _last;

    /// <summary>Checks the clock.</summary>
    /// <returns>A sentence if the clock was set by more than an hour since the last check; otherwise null.</returns>
    public string? Look()
    {
        var (now, timestamp) = (time.GetUtcNow(), time.GetTimestamp());
        var drift = _last is { } last ? now - last.At - time.GetElapsedTime(last.Timestamp, timestamp) : TimeSpan.Zero;
        _last = (now, timestamp);
        return drift.Duration() <= MaxDrift
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The machine's clock was set {(drift > TimeSpan.Zero ? "forward" : "back")} by {drift.Duration().TotalHours:0.0} hours "
                    + $"since the last round, so this round deletes nothing. Check the clock."
            );
    }
}
