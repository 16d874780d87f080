using System.Globalization;

namespace Plexum.Codex.Host.Hocon;

/// <summary>Durations and sizes: a number followed by a unit, such as <c>1.5 s</c> or <c>4MiB</c>.</summary>
internal static class HoconUnits
{
    /// <summary>Reads a duration. Rejects a bare number, which HOCON reads as milliseconds: nobody who writes 10 means that.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        var (number, unit) = Split(text);
        duration = default;
        if (
            !double.TryParse(number, NumberStyles.AllowDecimalPoint, NumberFormatInfo.InvariantInfo, out var value)
            || !char.IsAsciiDigit(number[0])
            || Math.Round(value * TicksIn(unit)) is not (>= 0 and < long.MaxValue and var ticks)
        )
        {
            return false;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>Reads a size. A number without a unit is in bytes.</summary>
    public static bool TryParseByteSize(string text, out long bytes)
    {
        var (number, unit) = Split(text);
        var fits =
            long.TryParse(number, NumberStyles.None, NumberFormatInfo.InvariantInfo, out var value)
            && BytesIn(unit) is > 0 and var factor
            && value <= long.MaxValue / factor;
        bytes = fits ? value * BytesIn(unit) : 0;
        return fits;
    }

    /// <summary>Whether two texts say the same: <c>10m</c> and <c>600s</c> do.</summary>
    public static bool AreSame(string one, string other) =>
        string.Equals(one, other, StringComparison.Ordinal)
        || (TryParseDuration(one, out var time) && TryParseDuration(other, out var otherTime) && time == otherTime)
        || (TryParseByteSize(one, out var size) && TryParseByteSize(other, out var otherSize) && size == otherSize);

    /// <summary>The unit is everything after the last digit.</summary>
    private static (string Number, string Unit) Split(string text)
    {
        var end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        return (text[..end], text[end..].Trim());
    }

    private static double TicksIn(string unit) =>
        unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 1.0 / TimeSpan.NanosecondsPerTick,
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
            "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            _ => double.NaN,
        };

    /// <summary>Case matters: <c>k</c> is 1,024 and <c>kB</c> is 1,000. Returns 0 for an unknown unit.</summary>
    private static long BytesIn(string unit) =>
        unit switch
        {
            "" or "b" or "B" or "byte" or "bytes" => 1,
            "kB" or "kilobyte" or "kilobytes" => 1000,
            "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "MB" or "megabyte" or "megabytes" => 1000_000,
            "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "GB" or "gigabyte" or "gigabytes" => 1000_000_000,
            "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            "TB" or "terabyte" or "terabytes" => 1000_000_000_000,
            "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
            "PB" or "petabyte" or "petabytes" => 1000_000_000_000_000,
            "P" or "p" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
            "EB" or "exabyte" or "exabytes" => 1000_000_000_000_000_000,
            "E" or "e" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => 1L << 60,
            _ => 0,
        };
}
