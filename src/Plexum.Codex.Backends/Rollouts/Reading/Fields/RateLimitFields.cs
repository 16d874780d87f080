using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading.Fields;

/// <summary>
/// The windows of an account's allowance in a rollout. Numbers and moments are read in any form; a field that cannot be read is named, so
/// that readers are told. A field that is missing or null says nothing and is no problem.
/// </summary>
internal static class RateLimitFields
{
    // A hundred years; a reset further away than that is no reset.
    private const decimal MaxSeconds = 100m * 366 * 24 * 60 * 60;

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

        double? used = 0;
        long minutes = 0;
        DateTimeOffset? resetsAt = null,
            relative = null;
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            if (name.Is("used_percent"u8))
            {
                used = Percent(cursor.TakeRaw(), ref problem);
            }
            else if (name.Is("window_minutes"u8))
            {
                minutes = Minutes(cursor.TakeRaw(), ref problem);
            }
            else if (name.Is("resets_at"u8) || name.Is("reset_at"u8))
            {
                resetsAt = Moment(cursor.TakeRaw(), ref problem) ?? resetsAt;
            }
            else if (name.Is("resets_in_seconds"u8) || name.Is("reset_after_seconds"u8))
            {
                relative = Later(written, cursor.TakeRaw(), ref problem) ?? relative;
            }
            else
            {
                cursor.SkipValue();
            }
        }

        // How much is used is what a window is about.
        return used is { } percent ? new RateLimitWindow(minutes, percent, resetsAt ?? relative) : null;
    }

    private static double? Percent(ReadOnlySpan<byte> json, ref string? problem)
    {
        if (IsNull(json))
        {
            return 0;
        }

        if (Instant.TryReadNumber(json, out var number))
        {
            return (double)number;
        }

        problem = "used_percent";
        return null;
    }

    private static long Minutes(ReadOnlySpan<byte> json, ref string? problem)
    {
        if (IsNull(json))
        {
            return 0;
        }

        if (Instant.TryReadNumber(json, out var number) && number is >= 0 and <= int.MaxValue)
        {
            return (long)decimal.Round(number);
        }

        problem = "window_minutes";
        return 0;
    }

    private static DateTimeOffset? Moment(ReadOnlySpan<byte> json, ref string? problem)
    {
        if (IsNull(json))
        {
            return null;
        }

        if (Instant.TryRead(json, out var moment))
        {
            return WholeSecond(moment);
        }

        problem = "resets_at";
        return null;
    }

    private static DateTimeOffset? Later(ReadOnlySpan<byte> written, ReadOnlySpan<byte> json, ref string? problem)
    {
        if (IsNull(json))
        {
            return null;
        }

        if (
            Instant.TryReadNumber(json, out var seconds)
            && seconds is >= 0 and <= MaxSeconds
            && Instant.TryRead(written, out var from)
            && from < DateTimeOffset.MaxValue.AddYears(-101)
        )
        {
            return WholeSecond(from.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)));
        }

        problem = "resets_in_seconds";
        return null;
    }

    // Waiting until then must be enough, so a part of a second counts as a whole one.
    private static DateTimeOffset WholeSecond(DateTimeOffset moment)
    {
        var rest = moment.Ticks % TimeSpan.TicksPerSecond;
        return rest == 0 || moment > DateTimeOffset.MaxValue.AddSeconds(-1) ? moment : moment.AddTicks(TimeSpan.TicksPerSecond - rest);
    }

    private static bool IsNull(ReadOnlySpan<byte> json) => json.SequenceEqual("null"u8);
}
