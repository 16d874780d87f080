using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Durations and sizes: a number with a unit behind it, as <c>1.5 s</c> or <c>4MiB</c>.</summary>
internal static class HoconUnits
{
    /// <summary>Akka.NET 1.5 knows no <c>us</c>.</summary>
    private static readonly Dictionary<string, Func<double, TimeSpan>> Durations = Table<Func<double, TimeSpan>>(
        (value => Ticks(value, 1e6), "ns nano nanos nanosecond nanoseconds"),
        (value => Ticks(value, 1e3), "micro micros microsecond microseconds"),
        (TimeSpan.FromMilliseconds, "ms milli millis millisecond milliseconds"),
        (TimeSpan.FromSeconds, "s second seconds"),
        (TimeSpan.FromMinutes, "m minute minutes"),
        (TimeSpan.FromHours, "h hour hours"),
        (TimeSpan.FromDays, "d day days"));

    /// <summary>Bytes in one of the unit. Case matters: <c>k</c> is 1,024 and <c>kB</c> is 1,000.</summary>
    private static readonly Dictionary<string, long> Sizes = Table<long>(
        (1, "b B byte bytes"),
        (1000, "kB kilobyte kilobytes"),
        (1L << 10, "K k Ki KiB kibibyte kibibytes"),
        (1000_000, "MB megabyte megabytes"),
        (1L << 20, "M m Mi MiB mebibyte mebibytes"),
        (1000_000_000, "GB gigabyte gigabytes"),
        (1L << 30, "G g Gi GiB gibibyte gibibytes"),
        (1000_000_000_000, "TB terabyte terabytes"),
        (1L << 40, "T t Ti TiB tebibyte tebibytes"),
        (1000_000_000_000_000, "PB petabyte petabytes"),
        (1L << 50, "P p Pi PiB pebibyte pebibytes"),
        (1000_000_000_000_000_000, "EB exabyte exabytes"),
        (1L << 60, "E e Ei EiB exbibyte exbibytes"));

    /// <summary>Reads a duration. Without a unit the number is milliseconds.</summary>
    /// <exception cref="FormatException">Not a number, negative, or an unknown unit.</exception>
    /// <exception cref="OverflowException">Longer than a <see cref="TimeSpan"/> can be.</exception>
    public static TimeSpan ParseDuration(string? text)
    {
        var (number, unit) = Split(text);
        if (Durations.TryGetValue(unit, out var duration) && char.IsAsciiDigit(number[0]))
            return duration(double.Parse(number, NumberStyles.AllowDecimalPoint, NumberFormatInfo.InvariantInfo));

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
        if (!Sizes.TryGetValue(unit, out var factor))
            throw new FormatException($"{unit} is not a valid byte size suffix");
        return checked(factor * long.Parse(number, NumberFormatInfo.InvariantInfo));
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

    private static Dictionary<string, T> Table<T>(params (T Factor, string Names)[] rows) => rows
        .SelectMany(row => row.Names.Split(' '), (row, name) => KeyValuePair.Create(name, row.Factor))
        .ToDictionary(StringComparer.Ordinal);
}
