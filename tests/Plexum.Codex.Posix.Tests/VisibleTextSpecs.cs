using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Posix;

public sealed partial class VisibleTextSpecs
{
    private const string Directions = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";

    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(1000);

    // No backslash, so that every one in the output belongs to an escape.
    private static readonly Arbitrary<string> Texts = Gen.Elements(
            "a",
            "[2J",
            "ü",
            "e\u0301",
            "漢",
            "😀",
            "👩\u200d🔧",
            "\u0601",
            "\ue000",
            "\0",
            "\a",
            "\u001b",
            "\r",
            "\n",
            "\r\n",
            "\t",
            "\u007f",
            "\u0085",
            "\u009b",
            "\u00ad",
            "\u200b",
            "\u200c",
            "\u2028",
            "\u2029",
            "\u202e",
            "\u2066",
            "\ufeff",
            "\ufff9",
            "\u034f",
            "\u3164",
            "\ufe00",
            "❤\ufe0f",
            "\U000e0041",
            "\U000e01ef",
            "\U0001d173",
            "\ud800",
            "\udc00"
        )
        .ArrayOf()
        .Select(string.Concat)
        .ToArbitrary();

    [Theory]
    [InlineData("plain text, ünïcödé, 漢字 and 😀\nin\ttwo lines", "plain text, ünïcödé, 漢字 and 😀\nin\ttwo lines")]
    [InlineData("\u001b[2J\u001b]0;title\a", @"\x1b[2J\x1b]0;title\x07")]
    [InlineData("\u009b2J\u007f", @"\x9b2J\x7f")]
    [InlineData("over\rwritten\r\n", "over\\x0dwritten\n")]
    [InlineData("abc\u202etxt.exe", @"abc\u202etxt.exe")]
    [InlineData("a\u2028b\u2029c\u200bd\ufeff", @"a\u2028b\u2029c\u200bd\ufeff")]
    [InlineData("hidden \U000e0041\U000e0042", @"hidden \u{e0041}\u{e0042}")]
    [InlineData("👩\u200d🔧 نمی\u200cخواهم", "👩\u200d🔧 نمی\u200cخواهم")]
    [InlineData("a\u034fb\u115f\u1160\u17b4\u17b5\u180b\u180f\u3164\uffa0", @"a\u034fb\u115f\u1160\u17b4\u17b5\u180b\u180f\u3164\uffa0")]
    [InlineData("x\ufe00 ❤\ufe0f ☎\ufe0e", "x\\ufe00 ❤\ufe0f ☎\ufe0e")]
    public void What_a_terminal_might_obey_is_shown_instead(string text, string shown) => Assert.Equal(shown, VisibleText.Of(text));

    [Fact]
    public void A_name_shows_even_its_line_ends_and_joiners() =>
        Assert.Equal(@"a\x0ab\x0d\x0ac\x09d\u200de\ufe0f", VisibleText.OneLine("a\nb\r\nc\td\u200de\ufe0f"));

    [Fact]
    public void S17_No_control_and_no_direction_comes_through()
    {
        Prop.ForAll(Texts, text => VisibleText.Of(text).All(c => !IsForbidden(c) || c is '\n' or '\t')).Check(Often);
        Prop.ForAll(Texts, text => !VisibleText.OneLine(text).Any(c => IsForbidden(c) || c == '\u200d')).Check(Often);
        Prop.ForAll(Texts, text => !VisibleText.OneLine(text).EnumerateRunes().Any(rune => rune.Value is >= 0xE0000 and <= 0xE0FFF))
            .Check(Often);
        Prop.ForAll(Texts, text => !VisibleText.OneLine(text).Any(c => c is '\u034f' or '\u3164' or '\ufe00' or '\ufe0f')).Check(Often);
    }

    [Fact]
    public void What_is_visible_already_does_not_change()
    {
        Prop.ForAll(Texts, text => VisibleText.Of(VisibleText.Of(text)) == VisibleText.Of(text)).Check(Often);
        Prop.ForAll(Texts, text => VisibleText.OneLine(VisibleText.OneLine(text)) == VisibleText.OneLine(text)).Check(Often);
    }

    [Fact]
    public void Nothing_of_a_text_is_lost()
    {
        Prop.ForAll(Texts, text => Undo(VisibleText.OneLine(text)) == Repaired(text)).Check(Often);
        Prop.ForAll(Texts, text => Undo(VisibleText.Of(text)) == WithoutReturns(Repaired(text))).Check(Often);
    }

    [Fact]
    public void JSON_means_the_same_with_escapes()
    {
        Prop.ForAll(Texts, text =>
            {
                var escaped = Controls().Replace(Repaired(text), control => $"\\u{(int)control.Value[0]:x4}");
                var json = $$"""{"text":"{{escaped}}"}""";
                var shown = VisibleText.InJson(json);
                return !shown.Any(IsForbidden) && TextIn(shown) == TextIn(json);
            })
            .Check(Often);
    }

    private static bool IsForbidden(char c) =>
        char.IsControl(c)
        || Directions.Contains(c, StringComparison.Ordinal)
        || c is '\u2028' or '\u2029' or '\u200b' or '\ufeff' or '\u00ad' or '\ufff9';

    private static string Repaired(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string WithoutReturns(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    private static string? TextIn(string json) => JsonDocument.Parse(json).RootElement.GetProperty("text").GetString();

    private static string Undo(string shown) =>
        Escapes()
            .Replace(shown, match =>
            {
                var digits = match.Value[2..].Trim('{', '}');
                return new Rune(int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString();
            });

    [GeneratedRegex(@"\\(x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})")]
    private static partial Regex Escapes();

    [GeneratedRegex("[\\x00-\\x1f]")]
    private static partial Regex Controls();
}
