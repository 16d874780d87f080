using System.Globalization;
using System.Text;

namespace Plexum.Codex.Json;

/// <summary>
/// Reads a moment in the forms in which programs write one: a number since 1970 or a date, as a number or as a string. Codex writes whole
/// seconds (measured on 0.169.0 and 0.171.0); other versions and other programs write fractions, milliseconds, strings or ISO 8601.
/// </summary>
public static class Instant
{
    /// <summary>The longest text that is taken for a moment or a number, in characters.</summary>
    public const int MaxCharacters = 64;

    // Seconds, milliseconds, microseconds, nanoseconds.
    private const int MaxUnit = 3;
    private const decimal MaxSeconds = 1e11m;
    private const decimal Thousand = 1000m;

    private const NumberStyles AnyNumber =
        NumberStyles.AllowLeadingWhite
        | NumberStyles.AllowTrailingWhite
        | NumberStyles.AllowLeadingSign
        | NumberStyles.AllowDecimalPoint
        | NumberStyles.AllowExponent;

    /// <summary>Reads a JSON value: a number, or a string with a number or a date.</summary>
    /// <param name="json">The raw value.</param>
    /// <param name="moment">The moment, in UTC.</param>
    /// <returns>False if it is none, or one before 1970.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out DateTimeOffset moment)
    {
        moment = default;
        return TextOf(json) is { } text && TryParse(text, out moment);
    }

    /// <summary>Reads a JSON value that is a number or a string with one.</summary>
    /// <param name="json">The raw value.</param>
    /// <param name="number">The number.</param>
    /// <returns>False if it is none.</returns>
    public static bool TryReadNumber(ReadOnlySpan<byte> json, out decimal number)
    {
        number = 0;
        return TextOf(json) is { } text && TryNumber(text, out number);
    }

    /// <summary>
    /// Reads a text: seconds, milliseconds, microseconds or nanoseconds since 1970, which their size tells apart; ISO 8601, in UTC unless
    /// it says otherwise; or the form of HTTP headers.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="moment">The moment, in UTC.</param>
    /// <returns>False if it is none, or one before 1970.</returns>
    public static bool TryParse(string text, out DateTimeOffset moment)
    {
        ArgumentNullException.ThrowIfNull(text);
        moment = default;
        return text.Length <= MaxCharacters && (TryNumber(text, out var number) ? TryOf(number, out moment) : TryDate(text, out moment));
    }

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, AnyNumber, CultureInfo.InvariantCulture, out number);

    private static bool TryOf(decimal number, out DateTimeOffset moment)
    {
        moment = default;
        for (var unit = 0; unit < MaxUnit && number >= MaxSeconds; unit++)
        {
            number /= Thousand;
        }

        var ticks = number > 0 ? number * TimeSpan.TicksPerSecond : 0;
        if (ticks <= 0 || ticks > (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks)
        {
            return false;
        }

        moment = DateTimeOffset.UnixEpoch.AddTicks((long)decimal.Round(ticks));
        return true;
    }

    // A text without a whole date, such as a time of day, would be completed with today.
    private static bool TryDate(string text, out DateTimeOffset moment)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;
        var date = text.Trim().ToUpperInvariant();
        var isDate = BeginsWithDay(date)
            ? DateTimeOffset.TryParse(date, CultureInfo.InvariantCulture, Styles, out moment)
            : DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, Styles, out moment);
        if (isDate && moment > DateTimeOffset.UnixEpoch)
        {
            return true;
        }

        moment = default;
        return false;
    }

    private static bool BeginsWithDay(string text) =>
        text.Length >= 10
        && text[4] == '-'
        && text[7] == '-'
        && char.IsAsciiDigit(text[0])
        && char.IsAsciiDigit(text[3])
        && char.IsAsciiDigit(text[5])
        && char.IsAsciiDigit(text[8]);

    private static string? TextOf(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        return cursor.Peek() switch
        {
            (byte)'"' => cursor.TakeString(out var text) && text.Raw.Length <= 6 * MaxCharacters ? text.Decode() : null,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => json.Length <= MaxCharacters ? Encoding.UTF8.GetString(json) : null,
            _ => null,
        };
    }
}
