using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading.Fields;

/// <summary>
/// The windows of an account's allowance in a rollout. Numbers and moments are read in any form; a field that cannot be read is named, so
/// that readers are told. A field that is missing or null says nothing and is no problem, but a window that says something has to say how
/// much is used. The names are codex's own, or those of its app server (<c>usedPercent</c>).
/// </summary>
internal static class RateLimitFields
{
    // A reset further away than that is no reset.
    private const int MaxYears = 100;
    private const decimal MaxSeconds = MaxYears * 366m * 24 * 60 * 60;

    // There was no codex before.
    private static readonly DateTimeOffset Earliest = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // For a record whose own time is unknown.
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Reads <c>rate_limits</c>.</summary>
    /// <param name="cursor">At the value.</param>
    /// <param name="written">The raw time of the record, to which a window may be relative.</param>
    /// <param name="problem">The name of a field that could not be read.</param>
    /// <returns>Null if no window could be read.</returns>
    public static RateLimits? Read(ref JsonCursor cursor, scoped ReadOnlySpan<byte> written, ref string? problem)
    {
        if (cursor.Peek() != (byte)'{')
        {
            problem = IsNull(cursor.TakeRaw()) ? problem : "rate_limits";
            return null;
        }

        RateLimitWindow? primary = null,
            secondary = null;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("primary"u8))
            {
                primary = ReadWindow(ref cursor, written, "primary", ref problem);
            }
            else if (name.Is("secondary"u8))
            {
                secondary = ReadWindow(ref cursor, written, "secondary", ref problem);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return primary is null && secondary is null ? null : new RateLimits(primary, secondary);
    }

    private static RateLimitWindow? ReadWindow(ref JsonCursor cursor, scoped ReadOnlySpan<byte> written, string window, ref string? problem)
    {
        if (cursor.Peek() != (byte)'{')
        {
            problem = IsNull(cursor.TakeRaw()) ? problem : window;
            return null;
        }

        double? used = null;
        var saysSomething = false;
        long minutes = 0;
        DateTimeOffset? resetsAt = null,
            relative = null;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            var value = cursor.TakeRaw();
            if (IsNull(value))
            {
                continue;
            }

            saysSomething = true;
            if (name.Is("used_percent"u8) || name.Is("usedPercent"u8))
            {
                used = Percent(value, ref problem) ?? used;
            }
            else if (name.Is("window_minutes"u8) || name.Is("windowMinutes"u8) || name.Is("windowDurationMins"u8))
            {
                minutes = Minutes(value, ref problem);
            }
            else if (name.Is("resets_at"u8) || name.Is("reset_at"u8) || name.Is("resetsAt"u8) || name.Is("resetAt"u8))
            {
                resetsAt = Moment(written, value, ref problem) ?? resetsAt;
            }
            else if (IsRelative(name))
            {
                relative = Later(written, value, ref problem) ?? relative;
            }
        }

        if (used is { } percent)
        {
            return new RateLimitWindow(minutes, percent, resetsAt ?? relative);
        }

        // How much is used is what a window is about.
        problem = saysSomething ? "used_percent" : problem;
        return null;
    }

    private static bool IsRelative(JsonText name) =>
        name.Is("resets_in_seconds"u8)
        || name.Is("reset_after_seconds"u8)
        || name.Is("resetsInSeconds"u8)
        || name.Is("resetAfterSeconds"u8);

    private static double? Percent(ReadOnlySpan<byte> json, ref string? problem)
    {
        if (Instant.TryReadNumber(json, out var number))
        {
            return (double)number;
        }

        problem = "used_percent";
        return null;
    }

    private static long Minutes(ReadOnlySpan<byte> json, ref string? problem)
    {
        if (Instant.TryReadNumber(json, out var number) && number is >= 0 and <= int.MaxValue)
        {
            return (long)decimal.Round(number);
        }

        problem = "window_minutes";
        return 0;
    }

    private static DateTimeOffset? Moment(ReadOnlySpan<byte> written, ReadOnlySpan<byte> json, ref string? problem)
    {
        if (Instant.TryRead(json, out var moment) && IsPlausible(written, moment))
        {
            return WholeSecond(moment);
        }

        problem = "resets_at";
        return null;
    }

    private static DateTimeOffset? Later(ReadOnlySpan<byte> written, ReadOnlySpan<byte> json, ref string? problem)
    {
        if (
            Instant.TryReadNumber(json, out var seconds)
            && seconds is >= 0 and <= MaxSeconds
            && Instant.TryRead(written, out var from)
            && from >= Earliest
            && from < Latest
        )
        {
            return WholeSecond(from.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)));
        }

        problem = "resets_in_seconds";
        return null;
    }

    private static bool IsPlausible(ReadOnlySpan<byte> written, DateTimeOffset moment)
    {
        var isKnown = Instant.TryRead(written, out var from) && from >= Earliest && from < Latest;
        return moment >= Earliest && moment <= (isKnown ? from.AddYears(MaxYears) : Latest);
    }

    // Waiting until then must be enough, so a part of a second counts as a whole one.
    private static DateTimeOffset WholeSecond(DateTimeOffset moment)
    {
        var rest = moment.Ticks % TimeSpan.TicksPerSecond;
        return rest == 0 || moment > DateTimeOffset.MaxValue.AddSeconds(-1) ? moment : moment.AddTicks(TimeSpan.TicksPerSecond - rest);
    }

    private static bool IsNull(ReadOnlySpan<byte> json) => json.SequenceEqual("null"u8);
}
