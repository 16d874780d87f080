using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Plexum.Codex.Json;

public sealed class InstantSpecs
{
    private static readonly Func<DateTimeOffset, string>[] Forms =
    [
        at => Number(at.ToUnixTimeSeconds()),
        at => $"\"{Number(at.ToUnixTimeSeconds())}\"",
        at => Number(at.ToUnixTimeSeconds()) + ".0",
        at => $"\" {Number(at.ToUnixTimeSeconds())}.000 \"",
        at => at.ToUnixTimeSeconds().ToString("E15", CultureInfo.InvariantCulture),
        at => Number(at.ToUnixTimeMilliseconds()),
        at => $"\"{Number(at.ToUnixTimeMilliseconds())}\"",
        at => Number(at.ToUnixTimeMilliseconds() * 1000),
        at => Number(at.ToUnixTimeMilliseconds()) + "000000",
        at => Quoted(at, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        at => Quoted(at, "yyyy-MM-dd'T'HH:mm:ss.fff'000000Z'"),
        at => Quoted(at, "yyyy-MM-dd HH:mm:ss"),
        at => Quoted(at, "yyyy-MM-dd't'HH:mm:ss'z'"),
        at => Quoted(at.ToOffset(TimeSpan.FromHours(-7.5)), "yyyy-MM-dd'T'HH:mm:sszzz"),
        at => Quoted(at, "r"),
    ];

    [Fact]
    public void Every_form_of_a_moment_is_the_same_moment()
    {
        // The smallest is in September 2001: before that, seconds have nine digits.
        var moments =
            from seconds in Gen.Choose(1_000_000_000, int.MaxValue)
            from form in Gen.Elements(Forms)
            select (DateTimeOffset.FromUnixTimeSeconds(seconds), form);
        Prop.ForAll(moments.ToArbitrary(), sample =>
            {
                var (moment, form) = sample;
                return Instant.TryRead(Encoding.UTF8.GetBytes(form(moment)), out var read) && read == moment;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void Parts_of_a_second_are_kept()
    {
        Assert.True(Instant.TryParse("1900000000.25", out var fraction));
        Assert.True(Instant.TryParse("1900000000250", out var milliseconds));

        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_900_000_000_250), fraction);
        Assert.Equal(fraction, milliseconds);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("-79228162514264337593543950335")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("1e999")]
    [InlineData("\"\"")]
    [InlineData("\"soon\"")]
    [InlineData("\"12:30\"")]
    [InlineData("\"6:51 PM\"")]
    [InlineData("\"2026-13-01T00:00:00Z\"")]
    [InlineData("\"1969-12-31T23:59:59Z\"")]
    [InlineData("{\"secs\":1}")]
    [InlineData("[1900000000]")]
    [InlineData("")]
    [InlineData("\"torn")]
    public void What_is_no_moment_is_none(string json) => Assert.False(Instant.TryRead(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void No_input_is_too_odd()
    {
        var bytes = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        var texts = Gen.Elements("\"", "-", "+", ".", "e", "E", "9", "0", "2026-11-29", "T", "Z", ":", " ", "\\u0030", "\ud83d\ude00")
            .ArrayOf()
            .Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));
        Prop.ForAll(Gen.OneOf(bytes, texts).ToArbitrary(), json =>
            {
                var isMoment = Instant.TryRead(json, out var moment);
                Instant.TryReadNumber(json, out _);
                return isMoment ? moment > DateTimeOffset.UnixEpoch : moment == default;
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(DateTimeOffset at, string format) => $"\"{at.ToString(format, CultureInfo.InvariantCulture)}\"";
}
