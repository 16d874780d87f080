using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Plexum.Codex.Json;

/// <summary>
/// Text from outside, with whole characters only: half a surrogate pair and bytes that are not UTF-8 become U+FFFD. JSON may contain both.
/// System.Text.Json then throws when the string is read, or passes it on, and codex does not read a line that has them: it waits for the
/// answer until its time limit (measured on 0.169.0 and 0.171.0).
/// </summary>
public static class WholeText
{
    private const int EscapeBytes = 6;
    private const int PairBytes = 2 * EscapeBytes;
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>A text in which half a surrogate pair is U+FFFD; the same text if it has none.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff') < 0 ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>
    /// JSON before it is parsed, so that each of its strings can be read and passed on. The same memory if nothing is to be replaced. What
    /// is not JSON is still not JSON.
    /// </summary>
    public static ReadOnlyMemory<byte> OfJson(ReadOnlyMemory<byte> json)
    {
        var utf8 = Utf8.IsValid(json.Span) ? json : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        if (FindHalf(utf8.Span, 0, isEnd: true, out _) < 0)
        {
            return utf8;
        }

        var mended = utf8.ToArray();
        MendJson(mended, isEnd: true);
        return mended;
    }

    /// <summary>
    /// Replaces the escapes of half a surrogate pair in JSON that arrives in pieces. An escape and its replacement are equally long, so it
    /// happens in place.
    /// </summary>
    /// <param name="json">What has arrived and has not been passed on.</param>
    /// <param name="isEnd">Whether nothing more will come.</param>
    /// <returns>
    /// How many bytes can be passed on. The others, at most eleven, begin an escape, or are an escape whose other half may follow.
    /// </returns>
    public static int MendJson(Span<byte> json, bool isEnd)
    {
        int settled;
        for (var half = FindHalf(json, 0, isEnd, out settled); half >= 0; half = FindHalf(json, half + EscapeBytes, isEnd, out settled))
        {
            "\\ufffd"u8.CopyTo(json[half..]);
        }

        return settled;
    }

    /// <returns>The offset of the next escape of half a pair; -1 if there is none, with the number of bytes that are settled.</returns>
    private static int FindHalf(ReadOnlySpan<byte> json, int from, bool isEnd, out int settled)
    {
        var at = from;
        while (json[at..].IndexOf((byte)'\\') is >= 0 and var found)
        {
            at += found;
            var rest = json[at..];
            if (!isEnd && MayGoOn(rest))
            {
                settled = at;
                return -1;
            }

            var unit = UnitOf(rest);
            var isPair = char.IsHighSurrogate(unit) && rest.Length > EscapeBytes && char.IsLowSurrogate(UnitOf(rest[EscapeBytes..]));
            if (char.IsSurrogate(unit) && !isPair)
            {
                settled = 0;
                return at;
            }

            // Every other escape, and what only looks like one, is over after two bytes as far as this search goes.
            var length =
                isPair ? PairBytes
                : unit == 0 ? 2
                : EscapeBytes;
            at = Math.Min(json.Length, at + length);
        }

        settled = json.Length;
        return -1;
    }

    // Whether what comes next decides what this escape is. A byte that rules out the rest does not wait for more: none may come for long.
    private static bool MayGoOn(ReadOnlySpan<byte> escape) =>
        escape.Length < EscapeBytes
            ? MayBecomeUnit(escape)
            : escape.Length < PairBytes && char.IsHighSurrogate(UnitOf(escape)) && MayBecomeUnit(escape[EscapeBytes..]);

    private static bool MayBecomeUnit(ReadOnlySpan<byte> start) =>
        (start.Length < 1 || start[0] == (byte)'\\')
        && (start.Length < 2 || start[1] == (byte)'u')
        && (start.Length <= 2 || start[2..].IndexOfAnyExcept(HexDigits) < 0);

    /// <returns>The unit of UTF-16 that an escape with four digits stands for; 0 for anything else.</returns>
    private static char UnitOf(ReadOnlySpan<byte> escape) =>
        escape.Length >= EscapeBytes
        && escape[0] == (byte)'\\'
        && escape[1] == (byte)'u'
        && Utf8Parser.TryParse(escape.Slice(2, 4), out ushort unit, out var digits, 'x')
        && digits == 4
            ? (char)unit
            : '\0';
}
