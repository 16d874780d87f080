using System.Buffers;
using System.Globalization;
using System.Text;

namespace Plexum.Codex.Posix;

/// <summary>
/// Makes visible what could drive a terminal, forge a line or hide in a text, for everything that comes from a model, a platform or
/// another process. Control characters, line separators, the invisible characters of Unicode's category Format, among them those that
/// change the direction of writing, and letters and marks without a shape become <c>\x1b</c>, <c>\u202e</c> or <c>\u{e0041}</c>.
/// Everything else stays as it is, so a text that has been made visible does not change again. An unpaired surrogate becomes U+FFFD.
/// </summary>
public static class VisibleText
{
    private const int FirstOfPlane14 = 0xE0000;
    private const int LastOfIgnored = 0xE0FFF;
    private const char Joiner = '\u200d';
    private const char NonJoiner = '\u200c';
    private const char TextStyle = '\ufe0e';
    private const char EmojiStyle = '\ufe0f';

    // Almost every text has none of them, so most are recognised by one fast search.
    private static readonly SearchValues<char> Suspects = SearchValues.Create([
        .. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => char.IsSurrogate(c) || IsHidden(new Rune(c))),
    ]);

    /// <summary>
    /// A text of several lines: line feeds and tabs stay, and the joiners and selectors that emoji and some scripts need. A carriage return
    /// before a line feed is left out.
    /// </summary>
    public static string Of(string text) => Make(text, isLine: false, Escape);

    /// <summary>A name or a text that is to be one line: nothing of it stays invisible.</summary>
    public static string OneLine(string text) => Make(text, isLine: true, Escape);

    /// <summary>JSON that means the same. In JSON, such characters can only be in strings, which have escapes for them.</summary>
    public static string InJson(string json) => Make(json, isLine: false, EscapeInJson);

    private static string Make(string text, bool isLine, Action<StringBuilder, Rune> escape)
    {
        ArgumentNullException.ThrowIfNull(text);
        var first = text.AsSpan().IndexOfAny(Suspects);
        if (first < 0)
        {
            return text;
        }

        var made = new StringBuilder(text.Length + 32).Append(text, 0, first);
        for (var at = first; at < text.Length; )
        {
            var status = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var length);
            var next = at + length;
            if (status != OperationStatus.Done)
            {
                made.Append('\ufffd');
            }
            else if (!IsHidden(rune) || (!isLine && StaysInText(rune)))
            {
                made.Append(text.AsSpan(at, length));
            }
            else if (isLine || rune.Value != '\r' || next == text.Length || text[next] != '\n')
            {
                escape(made, rune);
            }

            at = next;
        }

        return made.ToString();
    }

    private static bool StaysInText(Rune rune) => rune.Value is '\n' or '\t' or Joiner or NonJoiner or TextStyle or EmojiStyle;

    private static bool IsHidden(Rune rune) =>
        rune.Value is >= FirstOfPlane14 and <= LastOfIgnored
        || HasNoShape(rune.Value)
        || Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
            UnicodeCategory.Format => !IsSignBeforeNumber(rune.Value),
            _ => false,
        };

    // What else Unicode's property Default_Ignorable_Code_Point has: a joiner of graphemes, fillers of Hangul, vowels of Khmer that are not
    // written, and variation selectors.
    private static bool HasNoShape(int value) =>
        value
            is 0x34F
                or 0x115F
                or 0x1160
                or 0x17B4
                or 0x17B5
                or (>= 0x180B and <= 0x180F)
                or 0x3164
                or (>= 0xFE00 and <= 0xFE0F)
                or 0xFFA0;

    // They have a shape: Unicode's property Prepended_Concatenation_Mark.
    private static bool IsSignBeforeNumber(int value) =>
        value is (>= 0x600 and <= 0x605) or 0x6DD or 0x70F or 0x890 or 0x891 or 0x8E2 or 0x110BD or 0x110CD;

    private static void Escape(StringBuilder made, Rune rune)
    {
        switch (rune.Value)
        {
            case <= 0xFF:
                made.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
                break;
            case <= 0xFFFF:
                made.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
                break;
            default:
                made.Append("\\u{").Append(rune.Value.ToString("x", CultureInfo.InvariantCulture)).Append('}');
                break;
        }
    }

    private static void EscapeInJson(StringBuilder made, Rune rune)
    {
        Span<char> units = stackalloc char[2];
        foreach (var unit in units[..rune.EncodeToUtf16(units)])
        {
            made.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }
}
