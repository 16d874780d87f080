using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Plexum.Codex.Json;

public sealed class LapseSpecs
{
    [Theory]
    [InlineData("3h20m", 12_000)]
    [InlineData(" 3 hours 20 mins ", 12_000)]
    [InlineData("1d", 86_400)]
    [InlineData("2W", 1_209_600)]
    [InlineData("1.5s", 1.5)]
    [InlineData("500ms", 0.5)]
    [InlineData("PT3H20M", 12_000)]
    [InlineData("p1dt0.5s", 86_400.5)]
    [InlineData("P1W", 604_800)]
    public void A_span_is_read_in_the_forms_of_programs_and_of_ISO_8601(string text, double seconds)
    {
        Assert.True(Lapse.TryParse(text, out var read));
        Assert.Equal((decimal)seconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("12000")]
    [InlineData("3h20")]
    [InlineData("soon")]
    [InlineData("-3h")]
    [InlineData("3 fortnights")]
    [InlineData("P1M")]
    [InlineData("P1YT1H")]
    [InlineData("1.2.3s")]
    [InlineData(".s")]
    [InlineData("79228162514264337593543950335w")]
    public void What_has_no_length_of_its_own_is_none(string text) => Assert.False(Lapse.TryParse(text, out _));

    [Fact]
    public void Both_forms_say_the_same()
    {
        var part = Gen.Choose(0, 99);
        var parts = from days in part from hours in part from minutes in part from seconds in part select (days, hours, minutes, seconds);
        Prop.ForAll(parts.ToArbitrary(), span =>
            {
                var (days, hours, minutes, seconds) = span;
                var expected = (decimal)new TimeSpan(days, hours, minutes, seconds).TotalSeconds;
                return Lapse.TryParse(Text($"P{days}DT{hours}H{minutes}M{seconds}S"), out var iso)
                    && Lapse.TryParse(Text($"{days}d{hours}h{minutes}m{seconds}s"), out var plain)
                    && (iso, plain) == (expected, expected);
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void No_text_makes_it_throw() =>
        Prop.ForAll(Gen.Elements("0123456789.ptdhmsw -".ToCharArray()).ArrayOf().ToArbitrary(), text =>
            {
                _ = Lapse.TryParse(new string(text), out _);
                return true;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
