using System.Buffers;
using System.Globalization;

namespace Plexum.Codex.Json;

/// <summary>
/// Reads a span of time in the forms in which programs write one: <c>3h20m</c>, <c>1 day 2 hours</c>, <c>500ms</c>, or ISO 8601
/// (<c>PT3H20M</c>).
/// </summary>
public static class Lapse
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789.");

    /// <summary>Reads a text. A number without a unit is none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="seconds">The span in seconds.</param>
    /// <returns>False if it is none.</returns>
    public static bool TryParse(string text, out decimal seconds)
    {
        ArgumentNullException.ThrowIfNull(text);
        seconds = 0;
        if (text.Length > Instant.MaxCharacters || WithoutIso(text.Trim().ToLowerInvariant()) is not { Length: > 0 } rest)
        {
            return false;
        }

        ReadOnlySpan<char> left = rest;
        while (!left.IsEmpty)
        {
            if (!TryTake(ref left, out var part))
            {
                return false;
            }

            seconds += part;
        }

        return true;
    }

    /// <summary>The seconds of a unit; null if the name is none. A name alone is meant, in small letters.</summary>
    public static decimal? SecondsOf(ReadOnlySpan<char> unit) =>
        unit switch
        {
            "ms" or "msec" or "msecs" or "millis" or "millisecond" or "milliseconds" => 0.001m,
            "s" or "sec" or "secs" or "second" or "seconds" => 1,
            "m" or "min" or "mins" or "minute" or "minutes" => 60,
            "h" or "hr" or "hrs" or "hour" or "hours" => 3600,
            "d" or "day" or "days" => 86_400,
            "w" or "week" or "weeks" => 604_800,
            _ => null,
        };

    // Years and months have no length of their own.
    private static string? WithoutIso(string text)
    {
        if (!text.StartsWith('p'))
        {
            return text;
        }

        var time = text.IndexOf('t', StringComparison.Ordinal);
        var date = time < 0 ? text[1..] : text[1..time];
        return date.AsSpan().ContainsAny('y', 'm') ? null : $"{date}{(time < 0 ? "" : text[(time + 1)..])}";
    }

    private static bool TryTake(ref ReadOnlySpan<char> left, out decimal seconds)
    {
        seconds = 0;
        var digits = left.IndexOfAnyExcept(NumberCharacters);
        if (digits <= 0 || !decimal.TryParse(left[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        left = left[digits..].TrimStart();
        var length = left.IndexOfAnyExceptInRange('a', 'z');
        length = length < 0 ? left.Length : length;
        if (SecondsOf(left[..length]) is not { } unit || number > decimal.MaxValue / 1_000_000)
        {
            return false;
        }

        seconds = number * unit;
        left = left[length..].TrimStart();
        return true;
    }
}
