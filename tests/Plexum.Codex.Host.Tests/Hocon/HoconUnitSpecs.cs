namespace Plexum.Codex.Host.Hocon;

/// <summary>Durations and sizes.</summary>
public sealed class HoconUnitSpecs
{
    [Theory]
    [InlineData(1, "100ns", "100 nano", "100 nanos", "100nanosecond", "100 nanoseconds", "0.1 micros")]
    [InlineData(10, "1us", "1micro", "1 micros", "1 microsecond", "1 microseconds")]
    [InlineData(2_500_000, "250ms", "250 milli", "250 millis", "250 millisecond", "250 milliseconds", "0.25 s")]
    [InlineData(300_000_000, "30s", "30 s", "30 \t s", "30 second", "30 seconds", "0.5 m")]
    [InlineData(600_000_000, "1m", "1 minute", "1 minutes", "60s")]
    [InlineData(54_000_000_000, "1.5h", "1.5 hour", "1.5 hours", "90 m")]
    [InlineData(864_000_000_000, "1d", "1 day", "1 days", "24h")]
    [InlineData(0, "0s", "0.0 d", "10ns")]
    public void These_durations_are_as_many_ticks(long ticks, params string[] texts) => Assert.All(texts, text =>
        {
            Assert.True(HoconUnits.TryParseDuration(text, out var duration), text);
            Assert.Equal(ticks, duration.Ticks);
        });

    [Theory]
    [InlineData("10")]
    [InlineData("infinite")]
    [InlineData("-1")]
    [InlineData("-1s")]
    [InlineData("s")]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("1 week")]
    [InlineData("1 S")]
    [InlineData(".5 s")]
    [InlineData("5. s")]
    [InlineData("1,5 s")]
    [InlineData("1e3 s")]
    [InlineData("1 s 1 ms")]
    [InlineData("10675200 d")]
    [InlineData("99999999999999999999999999 ns")]
    public void These_are_no_durations(string text) => Assert.False(HoconUnits.TryParseDuration(text, out _));

    [Theory]
    [InlineData(0, "0", "0 MB")]
    [InlineData(512, "512", "512b", "512 B", "512 byte", "512 bytes")]
    [InlineData(4_000, "4kB", "4 kilobyte", "4 kilobytes")]
    [InlineData(4_096, "4k", "4 K", "4Ki", "4KiB", "4 kibibyte", "4 kibibytes")]
    [InlineData(4_000_000, "4MB", "4 MB", "4 megabyte", "4 megabytes")]
    [InlineData(4_194_304, "4m", "4 M", "4Mi", "4MiB", "4 mebibyte", "4 mebibytes")]
    [InlineData(4_000_000_000, "4GB", "4 gigabyte", "4 gigabytes")]
    [InlineData(4_294_967_296, "4g", "4G", "4Gi", "4GiB", "4 gibibyte", "4 gibibytes")]
    [InlineData(4_000_000_000_000, "4TB", "4 terabyte", "4 terabytes")]
    [InlineData(4_398_046_511_104, "4t", "4T", "4Ti", "4TiB", "4 tebibyte", "4 tebibytes")]
    [InlineData(4_000_000_000_000_000, "4PB", "4 petabyte", "4 petabytes")]
    [InlineData(4_503_599_627_370_496, "4p", "4P", "4Pi", "4PiB", "4 pebibyte", "4 pebibytes")]
    [InlineData(4_000_000_000_000_000_000, "4EB", "4 exabyte", "4 exabytes")]
    [InlineData(4_611_686_018_427_387_904, "4e", "4E", "4Ei", "4EiB", "4 exbibyte", "4 exbibytes")]
    public void These_sizes_are_as_many_bytes(long bytes, params string[] texts) => Assert.All(texts, text =>
        {
            Assert.True(HoconUnits.TryParseByteSize(text, out var size), text);
            Assert.Equal(bytes, size);
        });

    [Theory]
    [InlineData("")]
    [InlineData("big")]
    [InlineData("-1")]
    [InlineData("4 KB")]
    [InlineData("4 mb")]
    [InlineData("4 Mib")]
    [InlineData("1.5 MiB")]
    [InlineData("MiB")]
    [InlineData("20EiB")]
    [InlineData("99999999999999999999")]
    public void These_are_no_sizes(string text) => Assert.False(HoconUnits.TryParseByteSize(text, out _));
}
