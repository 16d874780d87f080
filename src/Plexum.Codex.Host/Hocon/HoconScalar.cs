using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>The types that a single value can be read as.</summary>
internal static class HoconScalar
{
    private static readonly NumberFormatInfo Invariant = NumberFormatInfo.InvariantInfo;

    public static HoconScalar<bool> Boolean { get; } = new("a boolean (on, off, true or false)", text => text switch
    {
        "on" or "true" => true,
        "off" or "false" => false,
        _ => throw new NotSupportedException($"Unknown boolean format: {text}"),
    });

    public static HoconScalar<byte> Byte { get; } = new("a number from 0 to 255", text => byte.Parse(text!, Invariant));

    public static HoconScalar<int> Int32 { get; } = new("a whole number of 32 bits", text => int.Parse(text!, Invariant));

    public static HoconScalar<long> Int64 { get; } = new("a whole number of 64 bits", text => long.Parse(text!, Invariant));

    public static HoconScalar<float> Single { get; } = new("a number", text => float.Parse(text!, Invariant));

    public static HoconScalar<double> Double { get; } = new("a number", text => double.Parse(text!, Invariant));

    public static HoconScalar<decimal> Decimal { get; } = new("a decimal number", text => decimal.Parse(text!, Invariant));

    public static HoconScalar<TimeSpan> Duration { get; } = new("a duration (such as 30s, 250ms or 1 minute)", HoconUnits.ParseDuration);

    public static HoconScalar<TimeSpan> DurationOrInfinite { get; } = new(
        "a duration (such as 30s, 250ms, 1 minute or infinite)",
        text => string.Equals(text, "infinite", StringComparison.OrdinalIgnoreCase) ? Timeout.InfiniteTimeSpan : HoconUnits.ParseDuration(text));

    public static HoconScalar<long> ByteSize { get; } = new("a size (such as 512, 64KiB or 4 MB)", HoconUnits.ParseByteSize);
}

/// <summary>One type: how its text is parsed, and what to call it in an error.</summary>
internal sealed class HoconScalar<T>(string name, Func<string?, T> parse)
{
    /// <summary>Reads <paramref name="value"/>; a mistake throws what Akka.NET throws for it, with path and value.</summary>
    public T Read(HoconValue value, string path)
    {
        var text = value.GetString();
        try
        {
            return parse(text);
        }
        catch (Exception cause) when (cause is FormatException or OverflowException or NotSupportedException or ArgumentNullException)
        {
            var found = text is not null ? $"'{text}'" : value.IsObject() ? "an object" : value.IsList ? "a list" : "null";
            var message = $"The configuration value at '{path}' is {found}, which is not {name}.";
            throw cause switch
            {
                OverflowException => new OverflowException(message, cause),
                NotSupportedException => new NotSupportedException(message, cause),
                ArgumentNullException => new ArgumentNullException(message, cause),
                _ => new FormatException(message, cause),
            };
        }
    }
}
