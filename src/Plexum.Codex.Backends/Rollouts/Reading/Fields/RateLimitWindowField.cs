using Plexum.Codex.Json;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading.Fields;

/// <summary>
/// One window of an account's allowance in a rollout. A field that cannot be read is named; one that is missing or null says nothing. A
/// window that says something has to say how much is used.
/// </summary>
internal static class RateLimitWindowField
{
    // A reset further away than that is no reset.
    private const int MaxYears = 100;
    private const decimal MaxSeconds = MaxYears * 366m * 24 * 60 * 60;
    private const int MaxNameBytes = 64;

    // There was no codex before.
    private static readonly DateTimeOffset Earliest = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // For a record whose own time is unknown.
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Whether an object has fields of a window.</summary>
    public static bool IsOne(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            var isNull = IsNull(cursor.TakeRaw());
            if (
                !isNull
                && RateLimitName.Of(name).Field is not (RateLimitField.Other or RateLimitField.Length or RateLimitField.UnknownLength)
            )
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a window.</summary>
    /// <param name="json">The object.</param>
    /// <param name="written">The raw time of the record, to which a window may be relative.</param>
    /// <param name="problem">The name of a field that could not be read.</param>
    /// <returns>Null if it does not say how much is used.</returns>
    public static RateLimitWindow? Read(ReadOnlySpan<byte> json, ReadOnlySpan<byte> written, ref string? problem)
    {
        double? used = null;
        long? minutes = null;
        DateTimeOffset? resetsAt = null,
            relative = null;
        string? unknownReset = null,
            unknownLength = null;
        var saysSomething = false;
        var cursor = new JsonCursor(json);
        cursor.EnterObject();
        while (cursor.NextMember(out var name))
        {
            var value = cursor.TakeRaw();
            if (IsNull(value))
            {
                continue;
            }

            saysSomething = true;
            var (field, unit) = RateLimitName.Of(name);
            var isRead = true;
            switch (field)
            {
                case RateLimitField.Used:
                    isRead = Take(Percent(value), ref used);
                    break;
                case RateLimitField.Left:
                    isRead = Take(100 - Percent(value), ref used);
                    break;
                case RateLimitField.Length:
                    isRead = Take(Minutes(value, unit), ref minutes);
                    break;
                case RateLimitField.Moment:
                    isRead = Take(Moment(written, value), ref resetsAt);
                    break;
                case RateLimitField.Later:
                    isRead = Take(Later(written, value, unit), ref relative);
                    break;
                case RateLimitField.Reset:
                    isRead = Take(Moment(written, value) ?? LaterByText(written, value), ref relative);
                    break;
                case RateLimitField.UnknownReset:
                    unknownReset = NameOf(name);
                    break;
                case RateLimitField.UnknownLength:
                    unknownLength = NameOf(name);
                    break;
                case RateLimitField.Other:
                    break;
            }

            problem = isRead ? problem : NameOf(name);
        }

        // What is said in another way too is not lost.
        problem =
            resetsAt is null && relative is null && unknownReset is not null ? unknownReset
            : minutes is null && unknownLength is not null ? unknownLength
            : problem;
        if (used is { } percent)
        {
            return new RateLimitWindow(minutes ?? 0, percent, resetsAt ?? relative);
        }

        // How much is used is what a window is about.
        problem = saysSomething ? "used_percent" : problem;
        return null;
    }

    /// <summary>Whether a value is <c>null</c>.</summary>
    public static bool IsNull(ReadOnlySpan<byte> json) => json.SequenceEqual("null"u8);

    /// <summary>A field's name, to be shown.</summary>
    public static string NameOf(JsonText name) => name.DecodeUpTo(MaxNameBytes, out _);

    private static bool Take<T>(T? read, ref T? value)
        where T : struct
    {
        value = read ?? value;
        return read is not null;
    }

    private static double? Percent(ReadOnlySpan<byte> json) => Instant.TryReadNumber(json, out var number) ? (double)number : null;

    private static long? Minutes(ReadOnlySpan<byte> json, decimal unit) =>
        Instant.TryReadNumber(json, out var number) && number is >= 0 and <= int.MaxValue
            ? (long)decimal.Round(number * unit / RateLimitName.Minute)
            : null;

    // A day alone does not say when on that day, nor in which part of the world.
    private static DateTimeOffset? Moment(ReadOnlySpan<byte> written, ReadOnlySpan<byte> json) =>
        Instant.TryRead(json, out var moment)
        && (json.Contains((byte)':') || Instant.TryReadNumber(json, out _))
        && IsPlausible(written, moment)
            ? WholeSecond(moment)
            : null;

    private static DateTimeOffset? Later(ReadOnlySpan<byte> written, ReadOnlySpan<byte> json, decimal unit) =>
        Instant.TryReadNumber(json, out var number)
            ? number is >= 0 and <= MaxSeconds * 1000
                ? After(written, number * unit)
                : null
            : LaterByText(written, json);

    private static DateTimeOffset? LaterByText(ReadOnlySpan<byte> written, ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        return cursor.TakeString(out var text) && Lapse.TryParse(text.DecodeUpTo(Instant.MaxCharacters + 1, out _), out var seconds)
            ? After(written, seconds)
            : null;
    }

    private static DateTimeOffset? After(ReadOnlySpan<byte> written, decimal seconds) =>
        seconds is >= 0 and <= MaxSeconds && IsKnown(written, out var from)
            ? WholeSecond(from.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)))
            : null;

    private static bool IsPlausible(ReadOnlySpan<byte> written, DateTimeOffset moment) =>
        moment >= Earliest && moment <= (IsKnown(written, out var from) ? from.AddYears(MaxYears) : Latest);

    private static bool IsKnown(ReadOnlySpan<byte> written, out DateTimeOffset from) =>
        Instant.TryRead(written, out from) && from >= Earliest && from < Latest;

    // Waiting until then must be enough, so a part of a second counts as a whole one.
    private static DateTimeOffset WholeSecond(DateTimeOffset moment)
    {
        var rest = moment.Ticks % TimeSpan.TicksPerSecond;
        return rest == 0 || moment > DateTimeOffset.MaxValue.AddSeconds(-1) ? moment : moment.AddTicks(TimeSpan.TicksPerSecond - rest);
    }
}
