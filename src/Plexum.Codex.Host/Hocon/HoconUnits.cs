using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Durations and sizes: a number with a unit behind it, as <c>1.5 s</c> or <c>4MiB</c>.</summary>
internal static class HoconUnits
{
    /// <summary>Reads a duration. Without a unit the number is milliseconds.</summary>
    /// <exception cref="FormatException">Not a number, negative, or an unknown unit.</exception>
    /// <exception cref="OverflowException">Longer than a <see cref="TimeSpan"/> can be.</exception>
    public static TimeSpan ParseDuration(string? text)
    {
        var (number, unit) = Split(text);
        if (number.Length > 0 && char.IsAsciiDigit(number[0]) && DurationOf(number, unit) is { } duration)
            return duration;

        var milliseconds = double.Parse(text!, NumberFormatInfo.InvariantInfo);
        return milliseconds >= 0
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new FormatException($"Expected a positive value instead of {milliseconds}");
    }

    /// <summary>Reads a size. Without a unit the number is bytes.</summary>
    /// <exception cref="FormatException">Not a whole number, or an unknown unit.</exception>
    /// <exception cref="OverflowException">More than 63 bits.</exception>
    public static long ParseByteSize(string? text)
    {
        var (number, unit) = Split(text);
        if (unit.Length == 0)
            return long.Parse(number, NumberFormatInfo.InvariantInfo);
        return checked(BytesIn(unit) * long.Parse(number, NumberFormatInfo.InvariantInfo));
    }

    /// <summary>The unit is all that follows the last digit.</summary>
    private static (string Number, string Unit) Split(string? text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var end = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        return end == 0 ? (text, "") : (text[..end], text[end..].Trim());
    }

    private static TimeSpan Ticks(double value, double perMillisecond) =>
        TimeSpan.FromTicks((long)Math.Round(TimeSpan.TicksPerMillisecond * value / perMillisecond));

    /// <summary>Akka.NET 1.5 knows no <c>us</c>.</summary>
    private static TimeSpan? DurationOf(string number, string unit)
    {
        return unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => Ticks(Value(), 1e6),
            "micro" or "micros" or "microsecond" or "microseconds" => Ticks(Value(), 1e3),
            "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.FromMilliseconds(Value()),
            "s" or "second" or "seconds" => TimeSpan.FromSeconds(Value()),
            "m" or "minute" or "minutes" => TimeSpan.FromMinutes(Value()),
            "h" or "hour" or "hours" => TimeSpan.FromHours(Value()),
            "d" or "day" or "days" => TimeSpan.FromDays(Value()),
            _ => null,
        };

        double Value() => double.Parse(number, NumberStyles.AllowDecimalPoint, NumberFormatInfo.InvariantInfo);
    }

    /// <summary>Case matters: <c>k</c> is 1,024 and <c>kB</c> is 1,000.</summary>
    private static long BytesIn(string unit) => unit switch
    {
        "b" or "B" or "byte" or "bytes" => 1,
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
        _ => throw new FormatException($"{unit} is not a valid byte size suffix"),
    };
}
