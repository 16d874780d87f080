using Plexum.Codex.Json;

namespace Plexum.Codex.Rollouts.Reading.Fields;

/// <summary>What a field of an allowance's window says.</summary>
internal enum RateLimitField : byte
{
    /// <summary>Something else.</summary>
    Other,

    /// <summary>How much is used, in percent.</summary>
    Used,

    /// <summary>How much is left, in percent.</summary>
    Left,

    /// <summary>How long the window is.</summary>
    Length,

    /// <summary>The moment of the reset.</summary>
    Moment,

    /// <summary>How long after the record's time the reset is.</summary>
    Later,

    /// <summary>The reset, as a moment or as a span.</summary>
    Reset,

    /// <summary>The reset, in a way that is not known.</summary>
    UnknownReset,

    /// <summary>The window's length, in a unit that is not known.</summary>
    UnknownLength,
}

/// <summary>
/// Understands the names of a window's fields, however they are written: codex's own (<c>resets_at</c>), those of its app server
/// (<c>usedPercent</c>) and of the service behind it (<c>limit_window_seconds</c>, <c>reset_after_seconds</c>), and their like.
/// </summary>
/// <param name="Field">What the field says.</param>
/// <param name="Unit">The seconds of the unit in which it says that.</param>
internal readonly record struct RateLimitName(RateLimitField Field, decimal Unit = 1)
{
    /// <summary>The seconds of a minute.</summary>
    public const decimal Minute = 60;

    private static readonly string[] LengthUnits = ["milliseconds", "millis", "ms", "seconds", "secs", "minutes", "mins", "hours", "days"];

    /// <summary>What a name means.</summary>
    public static RateLimitName Of(JsonText name) =>
        name.Is("used_percent"u8) ? new(RateLimitField.Used)
        : name.Is("window_minutes"u8) ? new(RateLimitField.Length, Minute)
        : name.Is("resets_at"u8) ? new(RateLimitField.Moment)
        : OfPlain(Plain(name));

    /// <summary>A name in small letters, without anything between its words.</summary>
    public static string Plain(JsonText name) => string.Concat(name.Decode().Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private static RateLimitName OfPlain(string name) =>
        name switch
        {
            "usedpercent" or "usedpercentage" or "usedpct" or "percentused" => new(RateLimitField.Used),
            "remainingpercent" or "remainingpercentage" or "remainingpct" or "percentremaining" or "leftpercent" or "percentleft" => new(
                RateLimitField.Left
            ),
            _ when name.StartsWith("resets", StringComparison.Ordinal) => OfReset(name[6..]),
            _ when name.StartsWith("reset", StringComparison.Ordinal) => OfReset(name[5..]),
            _ when name.Contains("window", StringComparison.Ordinal) || name.Contains("duration", StringComparison.Ordinal) => OfLength(
                name
            ),
            _ => new(RateLimitField.Other),
        };

    // A moment's unit shows in its size.
    private static RateLimitName OfReset(string rest)
    {
        if (rest.Length == 0)
        {
            return new(RateLimitField.Reset);
        }

        foreach (var (word, field) in Words)
        {
            if (rest.StartsWith(word, StringComparison.Ordinal))
            {
                var unit = rest.Length == word.Length ? 1 : Lapse.SecondsOf(rest.AsSpan(word.Length));
                return unit is { } seconds ? new(field, seconds) : new(RateLimitField.UnknownReset);
            }
        }

        return new(RateLimitField.UnknownReset);
    }

    private static RateLimitName OfLength(string name) =>
        Array.Find(LengthUnits, unit => name.EndsWith(unit, StringComparison.Ordinal)) is { } unit
            ? new(RateLimitField.Length, Lapse.SecondsOf(unit)!.Value)
            : new(RateLimitField.UnknownLength);

    private static readonly (string Word, RateLimitField Field)[] Words =
    [
        ("at", RateLimitField.Moment),
        ("time", RateLimitField.Moment),
        ("date", RateLimitField.Moment),
        ("on", RateLimitField.Moment),
        ("in", RateLimitField.Later),
        ("after", RateLimitField.Later),
    ];
}
