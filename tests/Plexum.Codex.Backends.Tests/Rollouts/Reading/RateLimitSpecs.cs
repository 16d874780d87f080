using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Plexum.Codex.Rollouts.Locating;
using Plexum.Codex.Turns;

namespace Plexum.Codex.Rollouts.Reading;

/// <summary>The limits of an account, in the forms in which some codex has written them and in others.</summary>
public sealed class RateLimitSpecs
{
    private static readonly DateTimeOffset ResetsAt = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);

    [Theory]
    [InlineData("1900000000")]
    [InlineData("1900000000.0")]
    [InlineData("1899999999.25")]
    [InlineData("\"1900000000\"")]
    [InlineData("1900000000000")]
    [InlineData("\"1900000000000\"")]
    [InlineData("\"2030-03-17T17:46:40Z\"")]
    [InlineData("\"2030-03-17T19:46:40.000000000+02:00\"")]
    [InlineData("\"Sun, 17 Mar 2030 17:46:40 GMT\"")]
    public void A_reset_is_read_in_any_form(string json)
    {
        var record = Read($"{{\"used_percent\":100.0,\"window_minutes\":300,\"resets_at\":{json}}}");

        Assert.Equal(new RateLimits(new RateLimitWindow(300, 100, ResetsAt), null), record.RateLimits);
        Assert.Null(record.RateLimitProblem);
    }

    [Theory]
    [InlineData("\"100\"", "\"300\"")]
    [InlineData("\"100.0\"", "300.0")]
    [InlineData("1e2", "\"300.2\"")]
    public void Numbers_are_read_as_strings_too(string used, string minutes)
    {
        var record = Read($"{{\"used_percent\":{used},\"window_minutes\":{minutes},\"resets_at\":null}}");

        Assert.Equal(new RateLimits(new RateLimitWindow(300, 100, null), null), record.RateLimits);
        Assert.Null(record.RateLimitProblem);
    }

    [Theory]
    [InlineData("resets_in_seconds", "3600")]
    [InlineData("resets_in_seconds", "\"3599.5\"")]
    [InlineData("reset_after_seconds", "3600.0")]
    public void A_reset_may_be_counted_from_the_time_of_the_record(string name, string json)
    {
        var record = Read($"{{\"used_percent\":100,\"{name}\":{json}}}", "\"2030-03-17T16:46:40.000Z\"");

        Assert.Equal(ResetsAt, record.RateLimits!.FreeAgainAt);
    }

    [Theory]
    [InlineData("{\"used_percent\":100,\"resets_at\":\"soon\"}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":0}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":{\"secs\":1}}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_in_seconds\":-1}", "resets_in_seconds")]
    [InlineData("{\"used_percent\":\"much\"}", "used_percent")]
    [InlineData("{\"used_percent\":1,\"window_minutes\":\"5h\"}", "window_minutes")]
    [InlineData("\"all\"", "primary")]
    [InlineData("[1]", "primary")]
    [InlineData("{\"resets_at\":1900000000}", "used_percent")]
    [InlineData("{\"used_percent\":null,\"resets_at\":1900000000}", "used_percent")]
    [InlineData("{\"used\":100}", "used_percent")]
    [InlineData("{\"used_percent\":100,\"resets_at\":3600}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":\"1999-12-31T23:59:59Z\"}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":5400000000}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_at\":9999999999999999999}", "resets_at")]
    [InlineData("{\"used_percent\":100,\"resets_in_seconds\":4000000000}", "resets_in_seconds")]
    public void What_cannot_be_read_is_named(string primary, string field) => Assert.Equal(field, Read(primary).RateLimitProblem);

    [Theory]
    [InlineData("{\"usedPercent\":100,\"windowMinutes\":300,\"resetsAt\":1900000000}")]
    [InlineData("{\"usedPercent\":100,\"windowDurationMins\":300,\"resetsAt\":1900000000}")]
    [InlineData("{\"used_percent\":100,\"window_minutes\":300,\"resetsAt\":\"2030-03-17T17:46:40Z\"}")]
    public void The_names_of_the_app_server_are_read_too(string primary)
    {
        var record = Read(primary);

        Assert.Equal(new RateLimits(new RateLimitWindow(300, 100, ResetsAt), null), record.RateLimits);
        Assert.Null(record.RateLimitProblem);
    }

    [Fact]
    public void A_window_that_does_not_say_how_much_is_used_is_none()
    {
        Assert.Null(Read("{\"resets_at\":1900000000}").RateLimits);
        Assert.Null(Read("{}").RateLimits);
    }

    [Fact]
    public void A_time_is_not_judged_by_a_record_s_own_that_cannot_be_read() =>
        Assert.Null(Read("{\"used_percent\":100,\"resets_at\":2200000000}", "\"t\"").RateLimitProblem);

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-Infinity")]
    [InlineData("1,")]
    public void A_record_that_is_no_json_is_told_unless_a_later_one_can_be_read(string used)
    {
        var (broken, whole) = (Record($"{{\"used_percent\":{used}}}"), Record("{\"used_percent\":1}"));

        Assert.Equal("token_count", ProblemOf(broken));
        Assert.Equal("token_count", ProblemOf(whole, broken));
        Assert.Null(ProblemOf(broken, whole));
        Assert.Null(ProblemOf(broken.Replace("token_count", "of_tomorrow", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"used_percent\":null,\"window_minutes\":null,\"resets_at\":null}")]
    public void What_is_missing_is_no_problem(string primary) => Assert.Null(Read(primary).RateLimitProblem);

    [Fact]
    public void A_value_is_understood_or_named_and_never_lost()
    {
        var texts = Gen.Choose(0, 0xFFFF).Select(value => (char)value).ArrayOf().Select(text => JsonSerializer.Serialize(new string(text)));
        var numbers = Gen.Choose(int.MinValue, int.MaxValue).Select(value => $"{value}");
        var others = Gen.Elements("true", "false", "{}", "[]", "[1,2]", "{\"a\":\"b\"}", "1e400", "-0", "0.0");
        Prop.ForAll(Gen.OneOf(texts, numbers, others).ToArbitrary(), json =>
            {
                var record = Read($"{{\"used_percent\":100,\"resets_at\":{json}}}");
                return record.RateLimits is { Primary.ResetsAt: not null } ^ record.RateLimitProblem == "resets_at";
            })
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static (RateLimits? RateLimits, string? RateLimitProblem) Read(string primary, string written = "\"2026-11-29T10:00:00.000Z\"")
    {
        var record = RolloutRecordReader.Read(Encoding.UTF8.GetBytes(Record(primary, written)));
        Assert.Equal(RolloutRecordKind.Tokens, record.Kind);
        return (record.RateLimits, record.RateLimitProblem);
    }

    private static string Record(string primary, string written = "\"2026-11-29T10:00:00.000Z\"") =>
        $"{{\"timestamp\":{written},\"type\":\"event_msg\",\"payload\":{{\"type\":\"token_count\",\"info\":null,"
        + $"\"rate_limits\":{{\"primary\":{primary},\"secondary\":null}}}}}}";

    private static string? ProblemOf(params string[] records)
    {
        using var directory = new TemporaryDirectory();
        using var file = File.OpenHandle(directory.Write("rollout", string.Join('\n', records)));
        return RolloutReading.Of(file, 0, RandomAccess.GetLength(file), new RolloutLimits()).RateLimitProblem;
    }
}
